/** Text in UTF-16, as Windows tools collect it (`> file` in PowerShell): turned into UTF-8, so that offsets count in that. */
import { Failure } from '../../intake/failure.js';

/** @throws Failure at the end, after all the text, when something did not fit. */
export async function* fromUtf16(input: AsyncIterable<Uint8Array>, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  let bytes = 0;
  let replaced = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    const text = decoder.decode(chunk, { stream: true });
    replaced += text.split('\ufffd').length - 1;
    yield encoder.encode(text);
  }
  const rest = decoder.decode();
  replaced += rest.split('\ufffd').length - 1;
  if (rest !== '') yield encoder.encode(rest);
  if (bytes % 2 === 1) throw new Failure('truncated', 'the UTF-16 text ends within a character');
  if (replaced > 0) throw new Failure('encoding', `${replaced} characters of the UTF-16 text are none, or were replaced before`);
}
