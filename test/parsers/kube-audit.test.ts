import { parser } from '../../src/parsers/kube-audit.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
