/** System calls and architectures by number. {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/audit.h | linux/audit.h} */
import { packedSyscalls } from './syscalls.table.js';

type Table = keyof typeof packedSyscalls;

/** `arch=` (ELF machine with 64-bit and little-endian flags, lower-case hex) to its name and its table. */
const ARCHITECTURES: ReadonlyMap<string, readonly [name: string, table?: Table]> = new Map<string, readonly [string, Table?]>([
  ['c000003e', ['x86_64', 'x86_64']],
  ['40000003', ['i386', 'i386']],
  ['c00000b7', ['aarch64', 'aarch64']],
  ['40000028', ['arm', 'arm']],
  ['28', ['armeb', 'arm']],
  ['c0000015', ['ppc64le', 'ppc64']],
  ['80000015', ['ppc64', 'ppc64']],
  ['14', ['ppc', 'ppc64']],
  ['80000016', ['s390x', 's390x']],
  ['16', ['s390']],
  ['c00000f3', ['riscv64', 'riscv64']],
  ['400000f3', ['riscv32']],
  ['c0000102', ['loongarch64', 'riscv64']],
  ['8', ['mips']],
  ['40000008', ['mipsel']],
  ['80000008', ['mips64']],
  ['c0000008', ['mipsel64']],
  ['8000002b', ['sparc64']],
  ['c0000032', ['ia64']],
]);

/** x32 calls are x86_64 calls with this bit set; some have numbers of their own from 512 on. */
const X32 = 0x40000000;

const unpacked = new Map<Table, ReadonlyMap<number, string>>();

function tableOf(table: Table): ReadonlyMap<number, string> {
  let names = unpacked.get(table);
  if (names === undefined) {
    const made = new Map<number, string>();
    let number = 0;
    for (const word of packedSyscalls[table].split(' ')) {
      if (word.charCodeAt(0) <= 57) number = Number(word);
      else made.set(number++, word);
    }
    names = made;
    unpacked.set(table, names);
  }
  return names;
}

/** `c000003e` to `x86_64`; the hex as it is when it is not known. */
export function architectureName(arch: string): string {
  return ARCHITECTURES.get(arch)?.[0] ?? arch;
}

/**
 * @param arch As the record writes it: lower-case hex.
 * @returns undefined when the architecture or its call is not known.
 */
export function syscallName(arch: string, number: number): string | undefined {
  const table = ARCHITECTURES.get(arch)?.[1];
  if (table === undefined) return undefined;
  if (table !== 'x86_64' || number < X32) return tableOf(table).get(number);
  return tableOf('x32').get(number - X32) ?? tableOf('x86_64').get(number - X32);
}
