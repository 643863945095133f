export { decodeCapabilities, formatCapabilities, type FileCapabilities } from './capability.js';
export type { TarEntry } from './entry.js';
export { parseHeader } from './header.js';
export { BLOCK, type TarType } from './layout.js';
export { tarLimits, TarReader, type TarLimits, type TarSink } from './reader.js';
export type { SparsePart } from './sparse.js';
