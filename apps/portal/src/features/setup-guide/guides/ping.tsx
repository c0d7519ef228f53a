import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Code, EndpointValue, Field, Fields, Path, Tab, TokenValue, Ui, type ProviderGuide } from '../guide';

export const PING_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'pingone',
      label: msg`PingOne`,
      intro: (
        <Trans>You need the role Environment Admin or Identity Data Admin in the environment of your users.</Trans>
      ),
      steps: [
        {
          id: 'pingone-connection',
          title: msg`Add a SCIM connection`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['Integrations', 'Provisioning']} />, choose <Ui>+</Ui> and <Ui>New connection</Ui>.
                In the row <Ui>Identity Store</Ui> choose <Ui>Select</Ui>, then <Ui>SCIM Outbound</Ui>. Name it and{' '}
                <Ui>Next</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingone-connect',
          title: msg`Configure authentication`,
          doneBy: 'first_request_time',
          body: (values) => (
            <Fields>
              <Field name="SCIM Base URL">
                <EndpointValue values={values} />
              </Field>
              <Field name="Users Resource">
                <Code>/Users</Code>
              </Field>
              <Field name="SCIM Version">
                <Ui>2.0</Ui>
              </Field>
              <Field name="Groups Resource">
                <Code>/Groups</Code>
              </Field>
              <Field name="Authentication Method">
                <Ui>OAuth 2 Bearer Token</Ui>
              </Field>
              <Field name="OAuth Access Token">
                <TokenValue values={values} />
              </Field>
              <Field name="Auth Type Header">
                <Ui>Bearer</Ui>
              </Field>
            </Fields>
          ),
        },
        {
          id: 'pingone-test',
          title: msg`Test connection and set preferences`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Choose <Ui>Test connection</Ui>, then go on. On <Ui>Configure preferences</Ui> keep the user filter{' '}
                <Code>userName Eq &quot;%s&quot;</Code> and set the remove action to <Ui>Disable</Ui>. <Ui>Save</Ui>,
                and switch the connection on with its toggle.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingone-rule',
          title: msg`Add a rule for users`,
          body: () => (
            <p>
              <Trans>
                Choose <Ui>+</Ui> and <Ui>New rule</Ui>, take the connection as the target, and set the{' '}
                <Ui>User Filter</Ui> to who should be sent, for example <Ui>Enabled equals true</Ui>. Under{' '}
                <Ui>Attribute Mapping</Ui> map Username, Given Name, Family Name and Email Address, and add{' '}
                <Code>externalId</Code> from User ID.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingone-groups',
          title: msg`Add groups and switch the rule on`,
          doneBy: 'first_group_time',
          body: () => (
            <p>
              <Trans>
                In the rule open <Ui>Group Provisioning</Ui>, add the groups to send and <Ui>Save</Ui>. Then switch the
                rule on: PingOne starts to send at once.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingone-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the sync status of the rule.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingone-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>Take one person out of the filter of the rule, or disable them. They are inactive here.</Trans>
            </p>
          ),
        },
      ],
    },
    {
      id: 'pingfederate',
      label: msg`PingFederate`,
      intro: <Trans>PingFederate needs the SCIM connector installed, and outbound provisioning switched on.</Trans>,
      steps: [
        {
          id: 'pingfederate-connection',
          title: msg`Create an SP connection`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['Applications', 'SP Connections', 'Create Connection']} />, use the template{' '}
                <Ui>SCIM Connector</Ui>, and tick <Ui>Outbound Provisioning</Ui> as the connection type.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingfederate-target',
          title: msg`Configure the target`,
          doneBy: 'first_request_time',
          body: (values) => (
            <Fields>
              <Field name="SCIM URL">
                <EndpointValue values={values} />
              </Field>
              <Field name="SCIM Version">
                <Ui>2.0</Ui>
              </Field>
              <Field name="Authentication Method">
                <Ui>OAuth 2 Bearer Token</Ui>
              </Field>
              <Field name="Access Token">
                <TokenValue values={values} />
              </Field>
              <Field name="Users API Path">
                <Code>/Users</Code>
              </Field>
              <Field name="Groups API Path">
                <Code>/Groups</Code>
              </Field>
              <Field name="Unique User Identifier">
                <Code>userName</Code>
              </Field>
              <Field name="Remove User Action">
                <Ui>Disable</Ui>
              </Field>
            </Fields>
          ),
        },
        {
          id: 'pingfederate-channel',
          title: msg`Add a channel`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Choose <Ui>Create</Ui> under <Ui>Manage Channels</Ui>, take your directory as the source, set the base
                DN and the group or filter of users to send, and check the attribute mapping.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingfederate-activate',
          title: msg`Activate`,
          doneBy: 'first_user_time',
          body: () => (
            <p>
              <Trans>
                Set the channel to <Ui>Active</Ui>, then the connection to <Ui>Active</Ui>, and <Ui>Save</Ui>. The first
                run starts with the next synchronization interval.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingfederate-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the source of the channel.
              </Trans>
            </p>
          ),
        },
        {
          id: 'pingfederate-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>Take one person out of the group or filter. With the next run they are inactive here.</Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`Removed users`,
      body: (
        <p>
          <Trans>With the remove action set to Disable, people who leave become inactive here and can come back.</Trans>
        </p>
      ),
    },
  ],
};
