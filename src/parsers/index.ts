/**
 * All parsers, by id, for those who bring their own runner.
 * @module kubewitness/parsers
 */
export { parsers } from './registry.js';
export type { Decoder, Frame, Framer, FrameSink, Framing, Head, Held, Limits, Parser, Sink, Span } from '../model/parser.js';
