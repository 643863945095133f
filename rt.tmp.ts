import { openLayers, layersPlatform } from './src/node/layers.js';
import { selectLayers, compareLayers, assess } from './src/layers/index.js';
const [a, sa, b, sb, mode] = process.argv.slice(2) as string[];
const A = await openLayers(a!),
  B = b === a ? A : await openLayers(b!);
console.log(
  A.kind,
  A.images.map((i) => [i.names, i.layers.map((l) => [l.name.slice(-80), !!l.content]), i.mismatches]),
  A.containers.map((c) => ({
    ...c,
    layers: c.layers?.map((l) => [l.name.slice(-80), !!l.content]),
    upper: c.upper && [c.upper.name, !!c.upper.content],
  })),
);
const sel = (s: string) => JSON.parse(s);
const sA = selectLayers(A, sel(sa!), mode === 'base'),
  sB = selectLayers(B, sel(sb!));
const c = await compareLayers(sA.layers, sB.layers, { platform: layersPlatform, alsoHash: ['md5'], semantics: 'overlay' });
for (const ch of c.changes)
  console.log(
    ch.change[0],
    ch.path,
    ch.what.join(),
    ch.class ?? '',
    ch.copiedUp ?? '',
    ch.unknown ?? '',
    ch.layer?.name.slice(-40),
    ch.layer?.createdBy?.slice(0, 40),
  );
console.log(c.notes, c.mismatches, c.problems, c.blind);
for (const f of assess(c, { platform: layersPlatform }).findings) console.log(f.score, f.rule, f.path ?? '', f.reasons.join('; '));
