import { parser } from '../../src/parsers/eks-cloudwatch.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
