-- What is no identifier, made known to the connection that runs a query.

-- What says nothing: blanks of any kind, zeros and signs (0, 0.0.0.0, ::, a zeroed
-- hash), or one letter or digit eight times and more (ffffffff, xxxxxxxx).
create or replace temp macro is_filler(x) as
regexp_matches(x, '^(0x)?[0\s\p{Z}\p{Cc}\p{Cf}:.,_/#?!*+-]*$')
or (
    length(x) >= 8
    and replace(
        replace(replace(lower(x), '-', ''), ':', ''),
        lower(left(x, 1)),
        ''
    ) = ''
);

-- What people and programs write where they do not know an identifier.
create or replace temp macro placeholder_words() as [
    'na', 'n/a', 'n.a.', '#n/a', 'none', 'no', 'nil', 'null', '(null)',
    '<null>', '\n', 'nan', 'undefined', 'unknown', 'unk', 'anonymous',
    'missing', 'empty', 'blank', 'default', 'test', 'testing', 'dummy',
    'placeholder', 'tbd', 'todo', 'not available', 'not applicable',
    'not set', 'not provided', 'no data', 'invalid', 'error', 'other',
    'not_set', '(not set)', 'not specified', 'unspecified', 'unassigned',
    'not assigned', 'unavailable', 'pending', 'no_device', 'no device',
    'no_ip', 'no tracking', 'unknown_device', 'unknown device', 'xxx', 'nat',
    '<na>', '#n/d', 'k.a.', 'k. a.', 'keine angabe', 'n.c.', 'sconosciuto',
    'desconhecido', 'nieznane', 'tidak diketahui', 'không rõ', 'не указано',
    '不明', '不详', '없음', 'guest', 'hidden', 'masked', 'redacted', 'deleted',
    'erased', 'removed', 'unbekannt', 'desconocido', 'inconnu', 'tidak ada',
    '未知', '无', '匿名', '-1', '127.0.0.1', 'localhost', '255.255.255.255',
    '02:00:00:00:00:00', '9774d56d682e549c', 'true', 'false', '1234567890'
];

-- An identifier as it may be compared: decision 0071, unknown is null.
create or replace temp macro identifier(of_relation, x) as case
    when is_filler(x) then null
    when
        lower(trim(x)) in (
            select p.value
            from staging.placeholders as p
            where p.relation is null or p.relation = of_relation
        ) then null
    else x
end;

-- A text as somebody wrote it: null where it is what a machine writes for everybody.
create or replace temp macro written(x) as case
    when
        lower(trim(x)) in (
            select p.value
            from staging.placeholders as p
            where p.relation = 'text'
        ) then null
    else x
end;

-- From this share of all and this many on, a value is nobody's; rings have up to 12 %.
create or replace temp macro hub_share() as 0.2;
create or replace temp macro hub_users() as 50;
