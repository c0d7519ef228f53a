import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { createContact, deleteContact, listContacts, updateContact } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { organizationIdParam } from '../directories/directory-path';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { ContactAnswer, ContactList, CreateContactBody, UpdateContactBody } from './contact.dto';
import { renderContact } from './render-contact';

const PATH = 'organizations/:organization_id/contacts';

/** The id in the path of one contact. */
export const contactIdParam = () => Param('contact_id', new IdPipe('con', 'contact'));

@ManagementController('Contacts')
export class ContactsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(PATH)
  @Access('read', 'own')
  @ApiOperation({ operationId: 'listContacts', summary: 'List the IT contacts, who are told of failures by mail' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: ContactList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
  ): Promise<ContactList> {
    return { contacts: (await listContacts(this.dataSource, { environmentId, organizationId })).map(renderContact) };
  }

  @Post(PATH)
  @Access('write', 'own')
  @ApiOperation({ operationId: 'createContact', summary: 'Add an IT contact' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 201, type: ContactAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Body() { email, name = '' }: CreateContactBody,
  ): Promise<ContactAnswer> {
    return { contact: renderContact(await createContact(writer, { environmentId, organizationId }, { email, name })) };
  }

  @Patch(`${PATH}/:contact_id`)
  @Access('write', 'own')
  @ApiOperation({ operationId: 'updateContact', summary: 'Change an IT contact' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'contact_id', type: String })
  @ApiResponse({ status: 200, type: ContactAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @contactIdParam() contactId: string,
    @Body() { email, name }: UpdateContactBody,
  ): Promise<ContactAnswer> {
    const scope = { environmentId, organizationId, contactId };
    return { contact: renderContact(await updateContact(writer, scope, { email, name: name === null ? '' : name })) };
  }

  @Delete(`${PATH}/:contact_id`)
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteContact', summary: 'Remove an IT contact' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'contact_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @contactIdParam() contactId: string,
  ): Promise<void> {
    await deleteContact(writer, { environmentId, organizationId, contactId });
  }
}
