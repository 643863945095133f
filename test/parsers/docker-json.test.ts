import { expect, it } from 'vitest';
import { parser } from '../../src/parsers/docker-json.js';
import { readBytes, testParser } from '../conformance.js';

testParser(parser);

it('takes the container from the path', async () => {
  const id = '0123456789abcdef'.repeat(4);
  const bytes = new TextEncoder().encode('{"log":"hello\\n","stream":"stderr","time":"2024-05-01T10:11:12.1Z"}\n');
  const { events } = await readBytes(parser, bytes, {}, { name: `var/lib/docker/containers/${id}/${id}-json.log` });
  expect(events[0]).toMatchObject({ action: 'container.output', message: 'hello', container: { id }, details: { stream: 'stderr' } });
});
