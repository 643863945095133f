export { openBolt, type BoltBucket, type BoltDatabase, type BoltItem } from './read.js';
