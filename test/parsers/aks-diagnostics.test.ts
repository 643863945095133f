import { parser } from '../../src/parsers/aks-diagnostics.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
