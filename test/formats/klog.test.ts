import { describe, expect, it } from 'vitest';
import { beginsKlog, parseKlog, parseKlogHeader } from '../../src/formats/klog.js';
import { parseGoStruct, parseKlogText } from '../../src/formats/klog-values.js';

const fields = (text: string): unknown => Object.fromEntries(parseKlogText(text).fields);

describe('the klog header', () => {
  it('is read to the microsecond', () => {
    expect(parseKlogHeader('I0501 10:11:12.123456    1234 kubelet.go:2407] "SyncLoop ADD"')).toEqual({
      severity: 'info',
      month: 5,
      day: 1,
      secondOfDay: 36672,
      nanos: 123456000,
      pid: 1234,
      caller: 'kubelet.go:2407',
      messageAt: 47,
    });
  });
  it('should not be seen in other text', () => {
    for (const text of [
      '',
      'I0501',
      'I0501 10:11:12.12345 1 a.go:1] x',
      'X0501 10:11:12.123456 1 a.go:1] x',
      'I1301 10:11:12.123456 1 a.go] x',
    ])
      expect(beginsKlog(text)).toBe(false);
    expect(parseKlogHeader('I1332 10:11:12.123456    1 a.go:1] x')).toBeUndefined();
  });
});

describe('klog values', () => {
  it('are unquoted, and cannot break out of their quotes', () => {
    expect(fields('"m" output="a \\"b\\" pod=\\"x/y\\"\\n\\t\\u00e4 \\xc3\\xa4" pod="ns/p" exitCode=137 ok=true')).toEqual({
      output: 'a "b" pod="x/y"\n\tä ä',
      pod: 'ns/p',
      exitCode: 137,
      ok: true,
    });
  });
  it('come in three generations', () => {
    expect(fields('"m" pods=[kube-system/a kube-system/b] event=&{ID:u Type:ContainerDied Data:d} x="y"')).toEqual({
      pods: '[kube-system/a kube-system/b]',
      event: '&{ID:u Type:ContainerDied Data:d}',
      x: 'y',
    });
    expect(fields('"m" pods=["kube-system/a","b/c"] event={"ID":"u","Type":"ContainerDied","Data":"}] d"} x="y"')).toEqual({
      pods: ['kube-system/a', 'b/c'],
      event: { ID: 'u', Type: 'ContainerDied', Data: '}] d' },
      x: 'y',
    });
  });
  it('may span lines', () => {
    expect(fields('"m" pod="a/b" output=<\n\tline 1 "x\n\t >\n\tline 3 key="v"\n > containerName="c"')).toEqual({
      pod: 'a/b',
      output: 'line 1 "x\n >\nline 3 key="v"',
      containerName: 'c',
    });
  });
  it('are taken as far as they go when they are cut', () => {
    expect(fields('"m" a="b" err="cut here')).toEqual({ a: 'b', err: '"cut' });
    expect(fields('"m" a={"b":{ c="d"')).toEqual({ a: '{"b":{', c: 'd' });
    expect(fields('"m" a=<\n\tcut')).toEqual({ a: 'cut' });
    expect(fields('"m" =')).toEqual({});
  });
  it('keep a key named __proto__ as a key', () => {
    expect(parseKlogText('"m" __proto__="x"').fields.get('__proto__')).toBe('x');
  });
  it('are none in a printf-style text', () => {
    expect(parseKlogText('Starting kubelet key="v"')).toEqual({ text: 'Starting kubelet key="v"', structured: false, fields: new Map() });
    expect(parseKlogText('"quoted"but not structured').structured).toBe(false);
  });
});

it('reads JSON with the fraction of its milliseconds', () => {
  const record = parseKlog('{"ts":1714558272123.4567,"caller":"kubelet/kubelet.go:2407","msg":"SyncLoop ADD","v":2,"source":"api"}');
  expect(record?.time).toBe('2024-05-01T10:11:12.123456700Z');
  expect(record).toMatchObject({ text: 'SyncLoop ADD', severity: 'info', verbosity: 2, caller: 'kubelet/kubelet.go:2407' });
  expect(parseKlog('{"ts":1,"msg":')).toBeUndefined();
});

it('takes Go structs apart', () => {
  expect(Object.fromEntries(parseGoStruct('&PodSandboxMetadata{Name:coredns,Uid:u-1,Namespace:kube-system,Attempt:0,}'))).toEqual({
    Name: 'coredns',
    Uid: 'u-1',
    Namespace: 'kube-system',
    Attempt: '0',
  });
  expect(Object.fromEntries(parseGoStruct('&{ID:u Type:ContainerDied Data:d}'))).toEqual({ ID: 'u', Type: 'ContainerDied', Data: 'd' });
});
