import { parser } from '../../src/parsers/journal-short.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
