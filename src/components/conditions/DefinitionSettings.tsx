import { InternalTimeZones } from '@grafana/data';
import { Button, Checkbox, TimeZonePicker } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { ALONE, DEFAULT_ZONE, identities, type Settings, settingsOf, withSettings } from '../../conditions/settings';
import { type Draft } from '../../conditions/tree';
import { ianaTimeZone, pickerZone } from '../../query/timeZone';
import { t } from '../../text';
import { Choice } from '../Choice';
import { Stack } from '../Stack';

import { useBuilder } from './builder';

const NAMED: Record<string, string> = {
  'usr.email': t('builder.identity.email'),
  'usr.name': t('builder.identity.name'),
};

/** What a definition says besides its conditions; at rest a line of what differs from the usual. */
export function DefinitionSettings({ draft }: { draft: Draft }) {
  const { attributes, edit, open, setOpen: setOpenRow } = useBuilder();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const settings = settingsOf(draft);
  const { identity = ALONE, includeAnonymous = false, timeZone = DEFAULT_ZONE } = settings;
  const change = (part: Settings) => {
    // The condition that is open stays so.
    setOpenRow(open);
    edit({ do: 'settings', settings: withSettings(settings, part) });
  };
  const nameOf = (attribute: string) => NAMED[attribute] ?? attribute;
  const others = identities(attributes, settings.identity).map((value) => ({
    value,
    label: t('builder.identity.of', { name: nameOf(value) }),
  }));
  const notes = [
    ...(includeAnonymous ? [t('builder.anonymous.short')] : []),
    ...(identity === ALONE ? [] : [t('builder.identity.short', { name: nameOf(identity) })]),
    t('builder.zone.short', { zone: timeZone }),
  ];
  return (
    <>
      <Button
        {...{ variant: 'secondary', fill: 'text', size: 'sm', icon: 'cog', 'aria-expanded': isOpen }}
        onClick={() => setOpen(!isOpen)}
      >
        {t('builder.settings', { notes: notes.join(', ') })}
      </Button>
      {isOpen && (
        <Stack direction="column" style={{ flexBasis: '100%' }} role="group" aria-label={t('builder.settings.title')}>
          <Stack wrap>
            <span>{t('builder.identity.members')}</span>
            <Choice
              label={t('builder.identity')}
              width={50}
              options={[{ value: ALONE, label: t('builder.identity.alone') }, ...others]}
              value={identity}
              onChange={(identity) => change({ identity })}
            />
          </Stack>
          <Stack>
            <Checkbox
              label={t('builder.anonymous')}
              description={t('builder.anonymous.help')}
              value={includeAnonymous}
              onChange={({ currentTarget: { checked } }) => change({ includeAnonymous: checked })}
            />
          </Stack>
          <Stack wrap>
            <label htmlFor={id}>{t('builder.zone')}</label>
            <TimeZonePicker
              inputId={id}
              includeInternal={[InternalTimeZones.utc]}
              width={36}
              value={pickerZone(timeZone)}
              onChange={(zone) => zone && change({ timeZone: ianaTimeZone(zone) })}
            />
          </Stack>
        </Stack>
      )}
    </>
  );
}
