export * from './action.js';
export * from './event.js';
export * from './finding.js';
export * from './origin.js';
export * from './parser.js';
export * from './problem.js';
export * from './schema.js';
export * from './source.js';
