/** Seeded chance: the same seed gives the same bytes on every machine. */

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, 0 ≤ n < bound. */
  int(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Lower-case hex digits. */
  hex(digits: number): string;
  uuid(): string;
}

/** sfc32: small, fast, and good enough for logs that nobody lived through. */
export function seeded(seed: number): Random {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) word();
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += word().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  const int = (bound: number): number => Math.floor((word() / 4294967296) * bound);
  return {
    next: () => word() / 4294967296,
    int,
    chance: (probability) => word() < probability * 4294967296,
    pick: (list) => list[int(list.length)] as (typeof list)[number],
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
