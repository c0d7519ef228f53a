import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Code, EndpointValue, Field, Fields, Path, Tab, TheApp, TokenValue, Ui, type ProviderGuide } from '../guide';

export const RIPPLING_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'rippling',
      label: msg`Custom integration`,
      intro: <Trans>You need to be a Rippling administrator with access to IT management.</Trans>,
      steps: [
        {
          id: 'rippling-app',
          title: msg`Create a custom integration`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Open <Path steps={['IT', 'Third-party access', 'Add integration', 'Create new custom integration']} />.
                Name it after <TheApp />, choose a category, upload a logo, tick <Ui>User Management via SCIM</Ui> and{' '}
                <Ui>Continue</Ui>.
              </Trans>
            </p>
          ),
        },
        {
          id: 'rippling-connect',
          title: msg`Paste the base URL and tick the features`,
          doneBy: 'first_request_time',
          body: (values) => (
            <Fields>
              <Field name="SCIM Version">
                <Ui>2.0</Ui>
              </Field>
              <Field name="SCIM Base URL">
                <EndpointValue values={values} />
              </Field>
              <Field name="SCIM Authorization Method">
                <Ui>Bearer Token</Ui>
              </Field>
              <Field name="Features">
                <Trans>
                  Tick <Ui>Supports Groups</Ui>, <Ui>Supports Pagination</Ui>, <Ui>Create &amp; Delete Groups</Ui> and{' '}
                  <Ui>Use PATCH to edit Groups</Ui>
                </Trans>
              </Field>
              <Field name="Supported SCIM Attributes">
                <Trans>
                  <Code>externalId</Code> <Code>emails.primary</Code> <Code>name.givenName</Code>{' '}
                  <Code>name.familyName</Code>, and others you want to send
                </Trans>
              </Field>
            </Fields>
          ),
        },
        {
          id: 'rippling-install',
          title: msg`Install it with the token`,
          doneBy: 'first_request_time',
          body: (values) => (
            <>
              <p>
                <Trans>
                  Choose <Ui>Install now</Ui>, confirm that you install it yourself, and paste:
                </Trans>
              </p>
              <Fields>
                <Field name="Bearer Token">
                  <TokenValue values={values} />
                </Field>
              </Fields>
            </>
          ),
        },
        {
          id: 'rippling-access',
          title: msg`Choose who gets access, and when`,
          body: () => (
            <p>
              <Trans>
                Set the <Ui>App Access Rules</Ui> and the <Ui>Provision Time</Ui>. In <Ui>Attribute Mappings</Ui> set
                every cadence to <Ui>On user creation and updates</Ui>, so that later changes arrive too.
              </Trans>
            </p>
          ),
        },
        {
          id: 'rippling-match',
          title: msg`Match people and provision`,
          doneBy: 'first_user_time',
          body: () => (
            <p>
              <Trans>
                Open the integration, and for each person create a new account or match an existing one. New people who
                fall under the access rules follow by themselves.
              </Trans>
            </p>
          ),
        },
        {
          id: 'rippling-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the people of the integration in Rippling.
              </Trans>
            </p>
          ),
        },
        {
          id: 'rippling-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>Remove the access of one person in Rippling. They are inactive here.</Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`When somebody leaves`,
      body: (
        <p>
          <Trans>Rippling deactivates people at the end of their employment; they stay here as inactive users.</Trans>
        </p>
      ),
    },
  ],
};
