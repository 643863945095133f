/** Audit logs of the Kubernetes API server: log files, webhook batches, event lists. */
import { jsonDocuments, type Document } from '../formats/framing/json.js';
import type { Parser } from '../model/parser.js';
import { auditDecoder } from './kube-audit/decoder.js';

/** `{"kind":"Event","apiVersion":"audit.k8s.io/v1"` in any order and spacing. */
const VERSION = /"apiVersion"\s*:\s*"audit\.k8s\.io\/v1(?:alpha1|beta1)?"/;
/** A record's beginning; what wraps records (cloud exports) begins otherwise. */
const BEGINNING = /^[\s,[]{0,64}\{/;

export const parser: Parser<Document> = {
  id: 'kube-audit',
  title: 'Kubernetes API server audit log',
  signs: 'JSON documents with apiVersion audit.k8s.io',
  framing: jsonDocuments({ lists: ['items'], plain: '{"kind":"Event",' }),
  matches(_name, head) {
    const match = VERSION.exec(head.text);
    if (match === null || !BEGINNING.test(head.text)) return 0;
    // Inside another record's text (a wrapped or escaped one) the version does not stand near the beginning.
    return match.index < 2048 ? 0.95 : 0.4;
  },
  decoder: () => auditDecoder(),
};
