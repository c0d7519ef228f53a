import { createHmac, timingSafeEqual } from 'node:crypto';
import { Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  dashboardUrl,
  findOnlySingleSignOn,
  findSingleSignOn,
  joinBySingleSignOn,
  singleSignOnRefused,
} from '@rollcall/management';
import type { SingleSignOn } from '@rollcall/management';
import { AppError, deriveKeys, parseId, publicId } from '@rollcall/platform';
import type { Clock, Logger } from '@rollcall/platform';
import { CLOCK, CONFIG, LOGGER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { readCookie, writeCookie } from '../http/cookies';
import { namesOf } from '../http/name-request';
import { IdParameter, TextField } from '../management/input/fields';
import { DashboardController } from './dashboard-controller';
import { IdentityProvider } from './identity-provider';
import type { BegunSignIn } from './identity-provider';
import { prepareSession, SessionAnswers } from './open-session';

class WaysQuery {
  @IdParameter({ prefix: 'env', description: 'Whose identity provider; needed when there are several.' })
  environment_id?: string;
}

class BeginQuery extends WaysQuery {
  @TextField({ max: 500, description: 'Where in the dashboard to go then.' })
  back?: string;
}

/** What the browser keeps while it is at the identity provider. */
interface KeptSignIn extends BegunSignIn {
  /** Bare. */
  environmentId: string;
  back: string;
  /** Milliseconds. */
  until: number;
}

const COOKIE = 'rollcall_sso';
const KEPT_SECONDS = 600;

/** Sign-in through an identity provider: there and back again, as navigations of the browser. */
@DashboardController()
export class SsoSignInController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly provider: IdentityProvider,
    private readonly answers: SessionAnswers,
  ) {}

  /** How one can sign in here. */
  @Get('sign_in')
  async ways(@Query() { environment_id: asked }: WaysQuery) {
    const found = await this.choose(asked);
    const single = found && { name: found.name, environment_id: publicId('env', found.environmentId) };
    return { password: true, single_sign_on: single };
  }

  @Get('sign_in/sso')
  async begin(@Query() { environment_id: asked, back = '' }: BeginQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.orTell(reply, async () => {
      const settings = await this.choose(asked);
      if (!settings) throw singleSignOnRefused('Single sign-on is not set up here.');
      const { url, begun } = await this.provider.begin(settings);
      const until = this.clock().getTime() + KEPT_SECONDS * 1_000;
      this.keep(reply, { ...begun, environmentId: settings.environmentId, back, until });
      return url.href;
    });
  }

  @Get('sign_in/sso/callback')
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.orTell(reply, async () => {
      const kept = this.take(request);
      const settings = await this.settingsOf(kept);
      const query = new URL(request.url, this.config.publicUrl).search;
      const identity = await this.provider.finish(settings, query, kept);
      const session = prepareSession(request, { method: 'single_sign_on', environmentId: settings.environmentId });
      await joinBySingleSignOn(this.dataSource, settings, { identity, session: session.stored });
      await this.answers.give(request, reply, session);
      return this.pageOf(kept.back);
    });
  }

  /** A browser is sent on, or back to the page where it began, which says what was wrong. */
  private async orTell(reply: FastifyReply, work: () => Promise<string>): Promise<void> {
    try {
      await reply.redirect(await work(), 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'internal') throw error;
      this.logger.info(
        { err: error.cause ?? error, code: error.code, ...namesOf(reply.request) },
        'single sign-on was refused',
      );
      const query = new URLSearchParams({ error: error.code, message: error.message });
      await reply.redirect(`${dashboardUrl(this.config.publicUrl)}/sign-in?${query.toString()}`, 303);
    }
  }

  private async settingsOf({ environmentId }: KeptSignIn): Promise<SingleSignOn> {
    const settings = await findSingleSignOn(this.dataSource, environmentId);
    if (settings) return settings;
    throw singleSignOnRefused('Single sign-on is not set up here any more.');
  }

  private async choose(asked: string | undefined): Promise<SingleSignOn | null> {
    if (asked === undefined) return findOnlySingleSignOn(this.dataSource);
    const id = parseId('env', asked);
    return id === null ? null : findSingleSignOn(this.dataSource, id);
  }

  /** Only within the dashboard: an address of another site is not led to. */
  private pageOf(back: string): string {
    const start = new URL(dashboardUrl(this.config.publicUrl));
    if (!back.startsWith('/') || !URL.canParse(back, start.origin)) return start.href;
    const { origin, pathname, href } = new URL(back, start.origin);
    const isPage = `${pathname}/`.startsWith(`${start.pathname}/`) && !pathname.startsWith(`${start.pathname}/api`);
    return origin === start.origin && isPage ? href : start.href;
  }

  private keep(reply: FastifyReply, kept: KeptSignIn): void {
    const text = Buffer.from(JSON.stringify(kept)).toString('base64url');
    const [key] = deriveKeys(this.config, 'single-sign-on');
    const value = `${text}.${macOf(key, text)}`;
    writeCookie(reply, this.config.publicUrl, {
      name: COOKIE,
      value,
      seconds: KEPT_SECONDS,
      site: 'SameSite=Lax',
    });
  }

  /** What this server gave the browser, within ten minutes. That a code is good once, the provider sees to. */
  private take(request: FastifyRequest): KeptSignIn {
    const value = readCookie(request, this.config.publicUrl, COOKIE);
    const [text = '', mac = ''] = value?.split('.') ?? [];
    const isOurs = deriveKeys(this.config, 'single-sign-on').some((key) => isSame(macOf(key, text), mac));
    const kept = isOurs ? (JSON.parse(Buffer.from(text, 'base64url').toString()) as KeptSignIn) : null;
    if (kept && kept.until > this.clock().getTime()) return kept;
    throw singleSignOnRefused('This sign-in has taken too long, or was begun in another browser. Begin again.');
  }
}

function macOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
