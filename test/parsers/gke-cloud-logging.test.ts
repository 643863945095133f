import { parser } from '../../src/parsers/gke-cloud-logging.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
