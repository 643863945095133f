/** Who may import whom: the data's way from left to right, and no way back. */
const layers = ['model', 'formats', 'programs', 'parsers', 'intake', 'timeline', 'node', 'cli'];

/** Beside the timeline, not in its way: what they may import. `node/` and `cli/` may import them. */
const beside = { layers: ['model', 'formats'], indicators: ['model', 'formats'] };

/** A layer may import itself and what stands left of it. */
const direction = layers.map((layer, index) => ({
  name: `${layer}-imports-only-what-is-left-of-it`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: {
    path: `^src/(?:${[...layers.slice(index + 1), ...(index < layers.indexOf('node') ? Object.keys(beside) : []), 'index\\.ts'].join('|')})`,
  },
}));

const side = Object.entries(beside).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('-and-')}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(?:${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...direction,
    ...side,
    {
      name: 'model-imports-nothing-but-zod',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/|node_modules/zod' },
    },
    {
      name: 'only-node-and-cli-touch-the-platform',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:node|cli)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a-parser-never-imports-another',
      severity: 'error',
      from: { path: '^src/parsers/([^/]+?)\\.ts$', pathNot: '^src/parsers/(?:registry|index)\\.ts$' },
      to: { path: '^src/parsers/[^/]+\\.ts$', pathNot: '^src/parsers/$1\\.ts$' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' }, to: {} },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
};
