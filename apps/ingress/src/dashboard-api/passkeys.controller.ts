import { Body, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { addPasskey, listPasskeys, offerPasskey, refuseFactorThatOpens, removePasskey } from '@rollcall/management';
import type { AdmittedMember, PasskeyView, Writer } from '@rollcall/management';
import { newId, publicId } from '@rollcall/platform';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { CLOCK, CONFIG, MEMBER_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { NameField } from '../management/input/fields';
import { IdPipe } from '../management/input/id.pipe';
import { DashboardController } from './dashboard-controller';
import { PasskeyField } from './input-fields';
import { ForMembers, Member, NeedsConfirmation } from './member-session.guard';
import { passkeyTools } from './passkey-tools';

class PasskeyBody {
  @NameField({ required: true, max: 100, description: 'What the member calls the device.' })
  name: string;

  @PasskeyField({ required: true })
  response: object;
}

/** The member's own passkeys. */
@DashboardController()
@ForMembers()
export class PasskeysController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('me/passkeys')
  async list(@Member() member: AdmittedMember) {
    return { passkeys: (await listPasskeys(this.dataSource, member.id)).map(renderPasskey) };
  }

  @Post('me/passkeys::options')
  @NeedsConfirmation()
  @HttpCode(200)
  async offer(@Member() member: AdmittedMember) {
    await refuseFactorThatOpens(this.dataSource, member);
    return offerPasskey(this.dataSource, passkeyTools(this.config, this.clock()), member);
  }

  @Post('me/passkeys')
  @NeedsConfirmation()
  @HttpCode(201)
  async add(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Body() { name, response }: PasskeyBody,
  ) {
    await refuseFactorThatOpens(this.dataSource, member);
    const tools = { ...passkeyTools(this.config, this.clock()), hasher: this.hasher };
    const { passkey, recoveryCodes } = await addPasskey(writer, tools, { member, id: newId(), name, response });
    return { passkey: renderPasskey(passkey), recovery_codes: recoveryCodes };
  }

  @Delete('me/passkeys/:passkey_id')
  @NeedsConfirmation()
  @HttpCode(204)
  async remove(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Param('passkey_id', new IdPipe('pky', 'passkey')) id: string,
  ): Promise<void> {
    await removePasskey(writer, member, id);
  }
}

function renderPasskey({ id, name, createTime, lastUsedTime }: PasskeyView) {
  return {
    id: publicId('pky', id),
    name,
    create_time: createTime.toISOString(),
    last_used_time: lastUsedTime?.toISOString() ?? null,
  };
}
