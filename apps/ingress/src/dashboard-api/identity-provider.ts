import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import * as openid from 'openid-client';
import type { Configuration, CustomFetch } from 'openid-client';
import { EgressError } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import { dashboardUrl, singleSignOnRefused } from '@rollcall/management';
import type { Identity, SingleSignOn } from '@rollcall/management';
import type { Sealer } from '@rollcall/platform';
import { CONFIG, EGRESS, SEALER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';

/** What has to be kept of a sign-in while the browser is at the identity provider. */
export interface BegunSignIn {
  state: string;
  nonce: string;
  verifier: string;
}

/** Providers change their keys, and what they can, within hours. One that did not answer is asked again soon, and not by everybody. */
const KEPT_MS = 10 * 60_000;
const FAILURE_KEPT_MS = 10_000;

/** Talks to the identity providers of members, through the egress guard: an owner chose their addresses. */
@Injectable()
export class IdentityProvider {
  private readonly known = new LRUCache<string, Promise<Configuration>>({ max: 100, ttl: KEPT_MS });

  constructor(
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(EGRESS) private readonly egress: EgressClient,
    @Inject(SEALER) private readonly sealer: Sealer,
  ) {}

  /** Where it sends people back to. */
  get redirectUri(): string {
    return `${dashboardUrl(this.config.publicUrl)}/api/sign_in/sso/callback`;
  }

  /**
   * Reads what the provider says of itself, which also shows that it is there. Throws AppError `single_sign_on_refused`, whose
   * message says what is wrong.
   */
  async discover(settings: SingleSignOn): Promise<Configuration> {
    const key = [settings.environmentId, settings.updateTime.getTime()].join(' ');
    const known = this.known.get(key);
    if (known) return known;
    const secret = this.sealer.open(settings.sealedClientSecret, 'singleSignOnSecret', settings.environmentId);
    const asked = this.ask(settings.issuer, { clientId: settings.clientId, secret });
    this.known.set(key, asked);
    return asked.catch((error: unknown) => {
      this.known.set(key, asked, { ttl: FAILURE_KEPT_MS });
      throw error;
    });
  }

  /** The same for settings that are not stored yet. */
  async ask(issuer: string, { clientId, secret }: { clientId: string; secret: string }): Promise<Configuration> {
    const isInsecure = issuer.startsWith('http:');
    try {
      return await openid.discovery(new URL(issuer), clientId, {}, openid.ClientSecretPost(secret), {
        [openid.customFetch]: this.fetch,
        // The guard refuses plain http but in development.
        execute: isInsecure ? [openid.allowInsecureRequests] : [],
      });
    } catch (error) {
      throw explain(error);
    }
  }

  /** Where the browser goes, and what has to be kept until it comes back. */
  async begin(settings: SingleSignOn): Promise<{ url: URL; begun: BegunSignIn }> {
    const configuration = await this.discover(settings);
    const begun = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: 'openid email profile',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    });
    return { url, begun };
  }

  /** Whom the provider names. Throws AppError `single_sign_on_refused`, also for an address that it has not verified. */
  async finish(settings: SingleSignOn, query: string, begun: BegunSignIn): Promise<Identity> {
    const configuration = await this.discover(settings);
    const claims = await this.exchange(configuration, new URL(`${this.redirectUri}${query}`), begun);
    const { sub, email, email_verified: isVerified, name } = claims;
    if (typeof email !== 'string' || !/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,190}$/u.test(email)) {
      throw singleSignOnRefused('Your identity provider has not told your e-mail address.');
    }
    if (isVerified !== true) {
      throw singleSignOnRefused('Your identity provider has not verified your e-mail address.');
    }
    // OpenID Connect Core 1.0, section 2.
    if (!/^[\x20-\x7e]{1,255}$/.test(sub)) throw singleSignOnRefused('Your identity provider has sent no subject.');
    return { subject: sub, email, name: typeof name === 'string' ? oneLine(name) : null };
  }

  private async exchange(configuration: Configuration, url: URL, { state, nonce, verifier }: BegunSignIn) {
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('there is no ID token');
      return claims;
    } catch (error) {
      throw explain(error);
    }
  }

  private readonly fetch: CustomFetch = (url, { method, headers, body, signal }) =>
    this.egress.fetch({ url, method, headers, body: bodyText(body), signal });
}

/** Without what a line of text cannot show, or turns the direction of what follows. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202A-\u202E\u2066-\u2069]/gu, ' ').trim();
}

function bodyText(body: Parameters<CustomFetch>[1]['body']): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('identity providers are sent forms');
}

function explain(error: unknown) {
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof EgressError || cause instanceof EgressError) {
    return singleSignOnRefused(
      'The identity provider cannot be reached, or its address is none that may be called.',
      error,
    );
  }
  return singleSignOnRefused(
    'The identity provider has answered what does not fit. Check the settings, and try again.',
    error,
  );
}
