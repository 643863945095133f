import { parser } from '../../src/parsers/journal-export.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
