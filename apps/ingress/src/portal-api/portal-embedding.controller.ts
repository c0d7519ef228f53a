import { Controller, Get, Query, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findAllowedOrigins } from '@rollcall/management';
import { IdParameter } from '../management/input/fields';
import { InputPipe } from '../management/input/input.pipe';

class EmbeddingQuery {
  @IdParameter({ prefix: 'env', required: true, description: 'The environment that the link names.' })
  environment: string;
}

/** Whom a page of the portal in a frame may talk to, asked before there is a session: what its own headers say of who may frame it. */
@ApiExcludeController()
@Controller('portal/api/embedding')
@UsePipes(InputPipe)
export class PortalEmbeddingController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  async get(@Query() { environment }: EmbeddingQuery) {
    const id = parseId('env', environment);
    return { allowed_origins: id === null ? [] : await findAllowedOrigins(this.dataSource, id) };
  }
}
