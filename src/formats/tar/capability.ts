/** File capabilities as the kernel keeps them in `security.capability`. {@link https://man7.org/linux/man-pages/man7/capabilities.7.html} */

/** By bit, linux/capability.h at 6.9. */
const NAMES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  );

export interface FileCapabilities {
  /** `cap_net_raw` … by bit. */
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  /** The permitted ones are effective as soon as the program runs. */
  readonly effective: boolean;
  /** User namespace's root that they count in (revision 3). */
  readonly rootId?: number;
}

const WORDS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 2 };

/** @returns undefined when the bytes are no such attribute. */
export function decodeCapabilities(bytes: Uint8Array): FileCapabilities | undefined {
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  const revision = magic >>> 24;
  const words = WORDS[revision];
  if (words === undefined || bytes.length < 4 + 8 * words + (revision === 3 ? 4 : 0)) return undefined;
  const permitted: string[] = [];
  const inheritable: string[] = [];
  for (let word = 0; word < words; word++) {
    addNames(permitted, view.getUint32(4 + 8 * word, true), 32 * word);
    addNames(inheritable, view.getUint32(8 + 8 * word, true), 32 * word);
  }
  const rootId = revision === 3 ? view.getUint32(20, true) : undefined;
  return { permitted, inheritable, effective: (magic & 1) !== 0, ...(rootId === undefined ? {} : { rootId }) };
}

function addNames(names: string[], bits: number, from: number): void {
  for (let bit = 0; bit < 32; bit++) if (((bits >>> bit) & 1) === 1) names.push(`cap_${NAMES[from + bit] ?? from + bit}`);
}

/** `cap_net_raw=ep`, as getcap writes it. */
export function formatCapabilities({ permitted, inheritable, effective, rootId }: FileCapabilities): string {
  const flags = (name: string): string =>
    (effective && permitted.includes(name) ? 'e' : '') + (inheritable.includes(name) ? 'i' : '') + (permitted.includes(name) ? 'p' : '');
  const byFlags = new Map<string, string[]>();
  for (const name of new Set([...permitted, ...inheritable])) {
    const list = byFlags.get(flags(name));
    if (list === undefined) byFlags.set(flags(name), [name]);
    else list.push(name);
  }
  const text = [...byFlags].map(([set, list]) => `${list.join(',')}=${set}`).join(' ');
  return rootId === undefined ? text : `${text} [rootid=${rootId}]`;
}
