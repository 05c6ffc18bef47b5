-- Every object of a database that the history follows, as PostgreSQL names it.
with o(classid,objid,objsubid) as (
 select 'pg_class'::regclass,oid,0 from pg_class where oid>=16384 and relnamespace::regnamespace::text !~ '^pg_toast' union all
 select 'pg_class'::regclass,attrelid,attnum from pg_attribute join pg_class c on c.oid=attrelid where attrelid>=16384 and attnum>0 and not attisdropped and relkind in ('r','p','v','m','c','f') and relnamespace::regnamespace::text !~ '^pg_toast' union all
 select 'pg_constraint'::regclass,oid,0 from pg_constraint where oid>=16384 union all
 select 'pg_attrdef'::regclass,oid,0 from pg_attrdef union all
 select 'pg_type'::regclass,t.oid,0 from pg_type t left join pg_class c on c.oid=t.typrelid where t.oid>=16384 and t.typcategory<>'A' and (c.oid is null or c.relkind='c') union all
 select 'pg_proc'::regclass,oid,0 from pg_proc where oid>=16384 union all
 select 'pg_trigger'::regclass,oid,0 from pg_trigger where not tgisinternal union all
 select 'pg_policy'::regclass,oid,0 from pg_policy union all
 select 'pg_rewrite'::regclass,oid,0 from pg_rewrite where oid>=16384 and rulename<>'_RETURN' union all
 select 'pg_publication'::regclass,oid,0 from pg_publication union all
 select 'pg_publication_rel'::regclass,oid,0 from pg_publication_rel union all
 select 'pg_publication_namespace'::regclass,oid,0 from pg_publication_namespace union all
 select 'pg_namespace'::regclass,oid,0 from pg_namespace where oid>=16384 and nspname !~ '^pg_' union all
 select 'pg_default_acl'::regclass,oid,0 from pg_default_acl union all
 select 'pg_extension'::regclass,oid,0 from pg_extension where oid>=16384 union all
 select 'pg_event_trigger'::regclass,oid,0 from pg_event_trigger union all
 select 'pg_authid'::regclass,oid,0 from pg_authid where oid>=16384 union all
 select 'pg_cast'::regclass,oid,0 from pg_cast where oid>=16384 union all
 select 'pg_operator'::regclass,oid,0 from pg_operator where oid>=16384 union all
 select 'pg_opclass'::regclass,oid,0 from pg_opclass where oid>=16384 union all
 select 'pg_opfamily'::regclass,oid,0 from pg_opfamily where oid>=16384 union all
 select 'pg_am'::regclass,oid,0 from pg_am where oid>=16384 union all
 select 'pg_language'::regclass,oid,0 from pg_language where oid>=16384 union all
 select 'pg_transform'::regclass,oid,0 from pg_transform union all
 select 'pg_conversion'::regclass,oid,0 from pg_conversion where oid>=16384 union all
 select 'pg_collation'::regclass,oid,0 from pg_collation where oid>=16384 union all
 select 'pg_statistic_ext'::regclass,oid,0 from pg_statistic_ext union all
 select 'pg_ts_parser'::regclass,oid,0 from pg_ts_parser where oid>=16384 union all
 select 'pg_ts_dict'::regclass,oid,0 from pg_ts_dict where oid>=16384 union all
 select 'pg_ts_template'::regclass,oid,0 from pg_ts_template where oid>=16384 union all
 select 'pg_ts_config'::regclass,oid,0 from pg_ts_config where oid>=16384 union all
 select 'pg_foreign_data_wrapper'::regclass,oid,0 from pg_foreign_data_wrapper union all
 select 'pg_foreign_server'::regclass,oid,0 from pg_foreign_server union all
 select 'pg_user_mapping'::regclass,oid,0 from pg_user_mapping union all
 select 'pg_parameter_acl'::regclass,oid,0 from pg_parameter_acl
) select i.type,i.identity from o, pg_identify_object(classid,objid,objsubid) i
