import { hash } from 'node:crypto';

/** MD5 as a UUID: sixteen bytes, indexed natively. It tells copies apart, it protects nothing. */
export function hashOf(payload: string): string {
  const hex = hash('md5', payload, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
