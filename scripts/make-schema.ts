// Writes dist/schema.json: the shapes of events and problems as JSON Schema (draft 2020-12), from the schemas in src/model.
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchema } from '../src/model/schema.js';

mkdirSync('dist', { recursive: true });
writeFileSync('dist/schema.json', JSON.stringify(jsonSchema(), null, 2) + '\n');
