/** The demo's own token issuer: an RS256 key made at start-up, its metadata and key set, and signed tokens. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export type TokenClaims = {
  audience: string;
  serviceUrl: string;
  issuer?: string;
  /** Seconds from now; negative for an expired token. */
  expiresIn?: number;
};

export type Issuer = {
  name: string;
  metadata(base: string): unknown;
  keys(): unknown;
  sign(claims: TokenClaims): Promise<string>;
};

/** Tokens are checked against the real clock, whatever day the demo plays. */
export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] };
  const name = 'https://api.botframework.com';
  return {
    name,
    metadata: (base) => ({
      issuer: name,
      jwks_uri: `${base}keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    keys: () => ({ keys: [jwk] }),
    sign({ audience, serviceUrl, issuer = name, expiresIn = 3600 }) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ serviceurl: serviceUrl })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.min(now, now + expiresIn - 60))
        .setNotBefore(Math.min(now, now + expiresIn) - 300)
        .setExpirationTime(now + expiresIn)
        .sign(privateKey);
    },
  };
}
