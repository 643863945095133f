/**
 * Events in other people's formats. Pure: no sockets, no files.
 * @module kubewitness/export
 */
export { ecsMapping, ecsVersion, toEcs } from './ecs.js';
export type { Mapping } from './mapping.js';
