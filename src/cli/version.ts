import { createRequire } from 'node:module';

// Two folders up from src/cli; the built file lies at dist/cli/main.js, as deep.
export const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
