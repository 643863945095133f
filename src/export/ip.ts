/** What counts as an address where a schema asks for one. */

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** True for IPv4 in four decimal parts and IPv6 in any of its spellings, without zone. */
export function isIp(text: string): boolean {
  return text.includes(':') ? isV6(text) : text.length <= 15 && V4.test(text);
}

/** {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.2} */
function isV6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups[groups.length - 1] ?? '';
  const v4 = last.includes('.');
  if (v4 && !isIp(last)) return false;
  const hex = v4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (v4 ? 2 : 0);
  return hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}
