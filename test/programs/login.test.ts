import { parser as syslog } from '../../src/parsers/syslog.js';
import { testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/login', identified: false });
