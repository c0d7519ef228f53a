import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError, isBareId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findPortalLogo } from '@rollcall/management';

/** The logos of app owners, as copies: the portal's pages load nothing from elsewhere. Whoever knows an id may see it. */
@ApiExcludeController()
@Controller('portal/logos')
export class PortalLogosController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(':logo_id')
  async get(@Param('logo_id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const logo = isBareId(id) ? await findPortalLogo(this.dataSource, id) : null;
    if (!logo) throw new AppError({ kind: 'not_found', code: 'not_found', message: 'There is no such logo.' });
    await reply
      .headers({
        'content-type': logo.mediaType,
        'cache-control': 'public, max-age=31536000, immutable',
        // Should a browser take it for a page after all, nothing runs in it.
        'content-security-policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
        'cross-origin-resource-policy': 'same-origin',
      })
      .send(logo.content);
  }
}
