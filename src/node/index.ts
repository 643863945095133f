/**
 * Files, folders, archives and streams as sources. The only part of the library that touches the platform.
 * @module kubewitness/node
 */
export { openEvidence, type Evidence, type EvidenceOptions } from './evidence.js';
export type { EvidenceBytes, EvidenceInput, NamedBytes } from './inputs.js';
export { unpackLimits, type UnpackLimits } from './limits.js';
export { streamSource } from './stream.js';
export { extractContents, type Extracted } from './extract-content.js';
export { layersPlatform, openLayers, type OpenedLayers, type OpenLayersOptions } from './layers.js';
