import { parser } from '../../src/parsers/kubelet.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
