import { Body, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { createContact, deleteContact, listContacts, updateContact } from '@rollcall/management';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { RequestWriter } from '../http/request-writer';
import { CreateContactBody, UpdateContactBody } from '../management/contacts/contact.dto';
import { contactIdParam } from '../management/contacts/contacts.controller';
import { renderContact } from '../management/contacts/render-contact';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** Whom the session's organization wants to be told of failures, through the same use cases as the management API. */
@PortalController('/contacts')
export class PortalContactsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  async list(@Session() session: PortalSessionView) {
    return { contacts: (await listContacts(this.dataSource, scopeOf(session))).map(renderContact) };
  }

  @Post()
  async create(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @Body() { email, name = '' }: CreateContactBody,
  ) {
    return { contact: renderContact(await createContact(writer, scopeOf(session), { email, name })) };
  }

  @Patch(':contact_id')
  async update(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @contactIdParam() contactId: string,
    @Body() { email, name }: UpdateContactBody,
  ) {
    const patch = { email, name: name === null ? '' : name };
    return { contact: renderContact(await updateContact(writer, { ...scopeOf(session), contactId }, patch)) };
  }

  @Delete(':contact_id')
  @HttpCode(204)
  async delete(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @contactIdParam() contactId: string,
  ): Promise<void> {
    await deleteContact(writer, { ...scopeOf(session), contactId });
  }
}
