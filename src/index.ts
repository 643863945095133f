/**
 * Turns what is left after a Kubernetes incident into one ordered, provable timeline.
 * Pure: importing does nothing, nothing here touches files or the network. Files are opened by `kubewitness/node`.
 * @module kubewitness
 */
export * from './model/index.js';
export { Failure } from './intake/failure.js';
export { headOf } from './intake/head.js';
export { identify, parserById, type Candidate, type Identification } from './intake/identify.js';
export type { Coverage } from './intake/plan.js';
export { newReading, readEvents, type Reading, type ReadOptions } from './intake/read.js';
export type { Tally } from './intake/tally.js';
export { bytesSource, type BytesSourceOptions } from './intake/bytes-source.js';
export type { YearBasis } from './intake/years.js';
export { collect, Timeline, type Match } from './timeline/collect.js';
export { csvHeader, csvRow } from './timeline/csv.js';
export { describe } from './timeline/describe.js';
export { formatTable, type TableOptions } from './timeline/table.js';
export type { Gather, GatherInput } from './timeline/gather.js';
export { timeline, type TimelineOptions, type TimelineStream } from './timeline/timeline.js';
export { visible } from './timeline/visible.js';
