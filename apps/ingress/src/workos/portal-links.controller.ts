import { Body, Inject, Post } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { createPortalLink, findOrganization } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { EnumField, field, IdParameter, JsonObjectField, TextField } from '../management/input/fields';
import { WorkosController } from './workos-controller';

/** As long as WorkOS' links can be opened. */
const EXPIRES_IN = 300;

const ADMINS_MAX = 20;

class GenerateLinkBody {
  @EnumField({ required: true, values: ['dsync'], description: 'What the admin is to do in the portal.' })
  intent: 'dsync';

  @IdParameter({ required: true, prefix: 'org', description: 'Whose portal.' })
  organization: string;

  @TextField({ max: 2_048, description: 'Taken and not kept: the portal leads nowhere else.' })
  return_url?: string;

  @TextField({ max: 2_048, description: 'Likewise.' })
  success_url?: string;

  @JsonObjectField({ maxBytes: 4_096, description: 'Likewise: options of other intents.' })
  intent_options?: Record<string, unknown>;

  @field({
    must: `must be a list of at most ${ADMINS_MAX} texts`,
    schema: { type: String, isArray: true, maxItems: ADMINS_MAX },
    isValid: (value) =>
      Array.isArray(value) && value.length <= ADMINS_MAX && value.every((one) => typeof one === 'string'),
    description: 'Likewise: who has the link opens it.',
  })
  admin_emails?: string[];
}

/** `workos.adminPortal` */
@WorkosController('portal/generate_link')
export class WorkosPortalLinksController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
  ) {}

  @Post()
  @Access('write', 'refused')
  async generate(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { organization }: GenerateLinkBody,
  ): Promise<{ link: string }> {
    const organizationId = parseId('org', organization) ?? '';
    refuseWhileFeatureOff(await findOrganization(this.dataSource, environmentId, { id: organizationId }));
    const { publicUrl } = this.config;
    const wanted = { features: ['dir_sync'], expiresIn: EXPIRES_IN, publicUrl };
    const { location } = await createPortalLink(writer, { environmentId, organizationId }, wanted);
    return { link: location };
  }
}
