import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/node/index.ts',
    'src/node/worker.ts',
    'src/parsers/index.ts',
    'src/indicators/sigma/index.ts',
    'src/layers/index.ts',
    'src/export/index.ts',
    'src/cli/main.ts',
  ],
  format: 'esm',
  target: 'node20',
  platform: 'neutral',
  outDir: 'dist',
  clean: true,
  dts: {
    entry: [
      'src/index.ts',
      'src/node/index.ts',
      'src/parsers/index.ts',
      'src/indicators/sigma/index.ts',
      'src/layers/index.ts',
      'src/export/index.ts',
    ],
  },
  splitting: true,
  sourcemap: true,
});
