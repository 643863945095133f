import { parser } from '../../src/parsers/containerd.js';
import { testParser } from '../conformance.js';

testParser(parser);
