import { Controller, Get, HttpCode, Inject, Post, Req, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { hashOpaqueToken, newOpaqueToken } from '@rollcall/platform';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findPortalSettings, openHandOver, showHandOverToken, viewHandOver } from '@rollcall/management';
import type { OpenHandOver } from '@rollcall/management';
import { CLOCK, CONFIG, SECRET_HASHER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { originOf } from '../../http/request-writer';
import { TakesTurns } from '../../http/take-turn.interceptor';
import { renderIssuedSecret } from '../../management/directories/render-directory';
import { InputPipe } from '../../management/input/input.pipe';
import { SameOriginGuard } from '../same-origin.guard';
import { HandOverGuard, HandOverOf } from './hand-over.guard';
import { renderHandOverPage } from './render-hand-over-page';

/** All that the page of a hand-over can ask for. */
@ApiExcludeController()
@Controller('portal/api/hand_over')
@UseGuards(SameOriginGuard, HandOverGuard)
@UsePipes(InputPipe)
@TakesTurns()
export class HandOverController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_HASHER) private readonly hasher: SecretHasher,
  ) {}

  @Get()
  async get(@HandOverOf() open: OpenHandOver) {
    const [view, settings] = await Promise.all([
      viewHandOver(this.dataSource, open),
      findPortalSettings(this.dataSource, open.environmentId),
    ]);
    const at = { publicUrl: this.config.publicUrl, now: this.clock() };
    return renderHandOverPage({ ...view, organization: open.organization, settings }, at);
  }

  /** What the page does first, by its script: a mail scanner's GET is no opening. */
  @Post('open')
  @HttpCode(200)
  async open(@HandOverOf() open: OpenHandOver, @Req() request: FastifyRequest) {
    await openHandOver(this.dataSource, open, originOf(request));
    return this.get(open);
  }

  /** Issues the bearer token, once; the page goes on with `page_token`, and the link opens nothing any more. */
  @Post('token')
  async showToken(@HandOverOf() open: OpenHandOver, @Req() request: FastifyRequest) {
    const pageToken = newOpaqueToken();
    const issued = await showHandOverToken(this.dataSource, open, {
      hasher: this.hasher,
      pageHash: hashOpaqueToken(pageToken),
      origin: originOf(request),
    });
    return Object.assign(renderIssuedSecret(issued, this.clock()), { page_token: pageToken });
  }
}
