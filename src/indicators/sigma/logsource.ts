/**
 * What kind of log a rule is for. A rule is for a record when all it names is the same: `product: linux` is for all of Linux.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#logsource | Sigma rules, LogSource}
 */

export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

export const logSourceKeys = ['category', 'product', 'service'] as const;

export function normalizeLogSource({ category, product, service }: LogSource): LogSource {
  const source = { category: lower(category), product: lower(product), service: lower(service) };
  // Two spellings are in use for one thing, with and without the category.
  if (source.product === 'kubernetes' && source.category === 'application') return { ...source, category: undefined };
  return source;
}

function lower(text: string | undefined): string | undefined {
  return text?.trim().toLowerCase() || undefined;
}

/** Both must be normalized. */
export function isForLogSource(rule: LogSource, record: LogSource): boolean {
  return logSourceKeys.every((key) => rule[key] === undefined || rule[key] === record[key]);
}

export function logSourceName(source: LogSource): string {
  return logSourceKeys.map((key) => source[key] ?? '').join('/');
}
