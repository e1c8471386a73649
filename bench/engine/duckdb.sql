-- The same table as in PostgreSQL; DuckDB needs no indexes for it.
create schema wide;

create table wide.events as
select make_timestamp(ts::bigint * 1000000)                  as ts,
       seq::bigint                                           as seq,
       event_id,
       type,
       usr_id                                                as user_id,
       usr_name                                              as user_name,
       usr_email                                             as user_email,
       usr_anonymous_id                                      as anonymous_id,
       session_id,
       application_id                                        as application,
       view_url_path                                         as page,
       action_name                                           as action,
       error_type                                            as error,
       error_message,
       action_frustration_type                               as frustration,
       duration::double                                      as duration,
       geo_country_iso_code                                  as country,
       geo_city                                              as city,
       device_type                                           as device,
       os_name                                               as os,
       browser_name                                          as browser,
       attributes::json ->> '$.release'                      as release,
       (attributes::json ->> '$.price')::double              as price,
       attributes::json ->> '$."usr.plan"'                   as plan
  from read_csv(getvariable('file'), header = true, all_varchar = true)
 order by ts, seq;

