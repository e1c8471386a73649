/** Links of the backend's answers to our own pages, made so that Grafana does not change where they lead. */
import { type DataFrame, type DataLink, type Field, type InterpolateFunction, textUtil } from '@grafana/data';

import { APP_ID } from '../constants';

/** What Grafana gives to a function that makes a link's address for one row. */
interface Building {
  replaceVariables?: InterpolateFunction;
}

/** The frame whose links to our pages keep the characters of an id, whatever they are. */
export function withExactLinks(frame: DataFrame): DataFrame {
  return frame.fields.some(hasOwnLinks) ? { ...frame, fields: frame.fields.map(exactField) } : frame;
}

const isOwn = ({ url }: DataLink) => url?.startsWith(`/a/${APP_ID}/`);

const hasOwnLinks = ({ config }: Field) => config.links?.some(isOwn) ?? false;

function exactField(field: Field): Field {
  if (!hasOwnLinks(field)) {
    return field;
  }
  const links = field.config.links!.map((link) => (isOwn(link) ? exact(link) : link));
  return { ...field, config: { ...field.config, links } };
}

/**
 * Grafana from 11 on takes percent-encoding away from addresses before it shows them, so that + becomes a space and &
 * another parameter. An address that was encoded as often again comes out as it should.
 */
function exact(link: DataLink): DataLink {
  const onBuildUrl = ({ replaceVariables = (text) => text }: Building) =>
    encodedAgain(replaceVariables(link.url), timesDecoded());
  return { ...link, onBuildUrl };
}

export function encodedAgain(address: string, times: number): string {
  return times === 0 ? address : encodedAgain(address.replaceAll('%', '%25'), times - 1);
}

/** How often this Grafana decodes an address. */
export function timesDecoded(sanitize: (url: string) => string = textUtil.sanitizeUrl): number {
  const probe = '/%25252525252B';
  return (probe.length - sanitize(probe).length) / '25'.length;
}
