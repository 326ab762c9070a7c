/**
 * What can be refused by looking: no token, not a signed JWT, not RS256 (`alg: none` among them).
 * Returns the reason, or null when the token deserves a check of its signature.
 */
export function tokenShape(authorization: string): string | null {
  const token = /^Bearer ([\w-]+)\.[\w-]+\.[\w-]+$/.exec(authorization);
  if (!token) return authorization ? 'not a signed bearer token' : 'no token';
  const header = Buffer.from(token[1]!, 'base64url').toString('utf8');
  try {
    const { alg } = JSON.parse(header);
    return alg === 'RS256' ? null : 'signed with another algorithm than RS256';
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof TypeError) return 'unreadable token header';
    throw thrown;
  }
}
