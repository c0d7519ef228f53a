import { Body, Delete, Get, HttpCode, Inject, Put, UseGuards } from '@nestjs/common';
import { MEMBER_ROLES } from '@rollcall/contract';
import type { MemberRole } from '@rollcall/contract';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findSingleSignOn, foldAddress, removeSingleSignOn, setSingleSignOn } from '@rollcall/management';
import type { AdmittedMember, SingleSignOn, Writer } from '@rollcall/management';
import { AppError } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { SEALER } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { EnvironmentId } from '../management/access-token.guard';
import { BooleanField, EnumField, field, NameField, TextField } from '../management/input/fields';
import { DashboardController } from './dashboard-controller';
import { IdentityProvider } from './identity-provider';
import { Member, MemberSessionGuard, NeedsRole } from './member-session.guard';

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

class SingleSignOnBody {
  @NameField({ required: true, max: 60, description: 'What the button is called.' })
  name: string;

  @field({
    required: true,
    description: 'The issuer of the identity provider (OpenID Connect).',
    must: 'must be the URL of an issuer, without a query',
    schema: { type: String, maxLength: 500 },
    isValid: isIssuer,
  })
  issuer: string;

  @TextField({ required: true, max: 500, description: 'What the provider knows Rollcall by.' })
  client_id: string;

  @TextField({ max: 1_000, description: 'Absent: the one that is stored stays, for the same issuer and client ID.' })
  client_secret?: string;

  @field({
    required: true,
    description: 'Whoever has no verified address in one of these stays outside.',
    must: 'must be a list of 1 to 50 domains, such as example.com',
    schema: { type: String, isArray: true, minItems: 1, maxItems: 50 },
    isValid: (value) =>
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= 50 &&
      value.every((domain) => typeof domain === 'string' && DOMAIN.test(domain)),
  })
  allowed_domains: string[];

  @EnumField({
    nullable: true,
    values: MEMBER_ROLES,
    description: 'Of whoever comes for the first time; null: nobody joins without an invitation.',
  })
  default_role?: MemberRole | null;

  @BooleanField({ description: 'Nobody signs in otherwise, but for owners with a second factor.' })
  required?: boolean;
}

/** How the members of the environment that the page shows sign in through an identity provider. */
@DashboardController()
@UseGuards(MemberSessionGuard)
export class SingleSignOnController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SEALER) private readonly sealer: Sealer,
    private readonly provider: IdentityProvider,
  ) {}

  @Get('single_sign_on')
  @NeedsRole('owner')
  async get(@EnvironmentId() environmentId: string) {
    const found = await findSingleSignOn(this.dataSource, environmentId);
    return { single_sign_on: found && renderSettings(found) };
  }

  @Put('single_sign_on')
  @NeedsRole('owner')
  async set(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Member() member: AdmittedMember,
    @Body() body: SingleSignOnBody,
  ) {
    if (body.required) refuseOwnLockout(member);
    const { client_secret: secret } = body;
    const settings = {
      name: body.name,
      issuer: body.issuer,
      clientId: body.client_id,
      allowedDomains: [...new Set(body.allowed_domains.map(foldAddress))],
      defaultRole: body.default_role ?? null,
      required: body.required ?? false,
    };
    // Whoever locks everybody else out should know that the way in is there.
    await this.provider.ask(body.issuer, { clientId: body.client_id, secret: secret ?? 'unchanged' });
    const sealedClientSecret = secret && this.sealer.seal(secret, 'singleSignOnSecret', environmentId);
    return {
      single_sign_on: renderSettings(await setSingleSignOn(writer, environmentId, { settings, sealedClientSecret })),
    };
  }

  @Delete('single_sign_on')
  @NeedsRole('owner')
  @HttpCode(204)
  async remove(@RequestWriter() writer: Writer, @EnvironmentId() environmentId: string): Promise<void> {
    await removeSingleSignOn(writer, environmentId);
  }
}

/** What is required is required at once, also of the session that asks for it. */
function refuseOwnLockout({ method, tookSecondFactor }: AdmittedMember): void {
  if (method === 'single_sign_on' || tookSecondFactor) return;
  throw new AppError({
    kind: 'refused',
    code: 'second_factor_absent',
    message:
      'You would lock yourself out: you signed in without a second factor. Add one to your account, sign in with it, and require single sign-on then.',
  });
}

function isIssuer(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 500 || !URL.canParse(value)) return false;
  const { protocol, search, hash, username } = new URL(value);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '';
}

function renderSettings(settings: SingleSignOn) {
  return {
    name: settings.name,
    issuer: settings.issuer,
    client_id: settings.clientId,
    allowed_domains: settings.allowedDomains,
    default_role: settings.defaultRole,
    required: settings.required,
  };
}
