import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { accessTokenKeys } from '@rollcall/platform';
import type { PublishedKey } from '@rollcall/platform';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';

/** The public keys of access tokens as a JSON Web Key Set (RFC 7517), which libraries read: it is no part of the API's document. */
@ApiExcludeController()
@Controller('keys')
export class KeysController {
  private readonly keys: PublishedKey[];

  constructor(@Inject(CONFIG) config: IngressConfig) {
    this.keys = accessTokenKeys(config).pairs.map(({ published }) => published);
  }

  @Get()
  @Header('cache-control', 'public, max-age=300')
  list(): { keys: PublishedKey[] } {
    return { keys: this.keys };
  }
}
