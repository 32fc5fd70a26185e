BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('2');
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR(120) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(160) NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2026-11-30 03:09:01.579737','ann','open_case','case:cas_a30a7f808b024792','','{"assignee":"","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.579737","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"NEW","version":1}','0000000000000000000000000000000000000000000000000000000000000000','1b25d9f04f391f7e66306a6eb67bfb24861dfc5484afe088a53ff512add119aa');
INSERT INTO "audit" VALUES(2,'2026-11-30 03:09:01.581228','ann','move_case','case:cas_a30a7f808b024792','{"assignee":"","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.579737","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"NEW","version":1}','{"assignee":"ann","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.581228","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"INVESTIGATING","version":2}','1b25d9f04f391f7e66306a6eb67bfb24861dfc5484afe088a53ff512add119aa','e39459de71d841155f107d87a7489f5725416ff1133c3b6f8e8b5df771e2b39c');
INSERT INTO "audit" VALUES(3,'2026-11-30 03:09:01.590640','ann','decide','case:cas_a30a7f808b024792','','{"action":"SETTLEMENT_DEFER","as_of":"2026-01-01","audit_seq":3,"case_id":"cas_a30a7f808b024792","confidence":0.9,"data_version":"v1","decided_at":"2026-11-30 03:09:01.590640","decided_by":"ann","decision_id":"dec_797636e7c4f24ea5","entity_id":"mer_1","entity_type":"merchant","idempotency_key":"key-1","note":"Forty buyers on two devices.","reason_codes":"[\"DEVICE_REUSE\"]","score":0.97,"typology":"T1_BRUSHING","verdict":"CONFIRMED"}','e39459de71d841155f107d87a7489f5725416ff1133c3b6f8e8b5df771e2b39c','fcf5cd1b0cf14323b1d5ca6280f116bc14b82ffd36ac64cd4be4ffc5980e2cb2');
INSERT INTO "audit" VALUES(4,'2026-11-30 03:09:01.591671','ann','move_case','case:cas_a30a7f808b024792','{"assignee":"ann","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.581228","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"INVESTIGATING","version":2}','{"assignee":"ann","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.591671","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"PROPOSED","version":3}','fcf5cd1b0cf14323b1d5ca6280f116bc14b82ffd36ac64cd4be4ffc5980e2cb2','f9466ccf51d827468bec4ba17df89be3dd51ad55ab17b2169caa49433c8066d5');
INSERT INTO "audit" VALUES(5,'2026-11-30 03:09:01.614044','lea','move_case','case:cas_a30a7f808b024792','{"assignee":"ann","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.591671","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"PROPOSED","version":3}','{"assignee":"ann","case_id":"cas_a30a7f808b024792","changed_at":"2026-11-30 03:09:01.614044","changed_by":"lea","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.579737","state":"APPROVED","version":4}','f9466ccf51d827468bec4ba17df89be3dd51ad55ab17b2169caa49433c8066d5','7388b403a5ce891c1be154d2cd6d46fe8a42d3c6aaf2752ccffd6da97b830557');
INSERT INTO "audit" VALUES(6,'2026-11-30 03:09:01.626165','bob','open_case','case:cas_7fc87e99b0fd49ef','','{"assignee":"","case_id":"cas_7fc87e99b0fd49ef","changed_at":"2026-11-30 03:09:01.626165","changed_by":"bob","entity_id":"mer_2","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.626165","state":"NEW","version":1}','7388b403a5ce891c1be154d2cd6d46fe8a42d3c6aaf2752ccffd6da97b830557','c58974f42437efacca5ccba0cd8ed3efd83e1685e27d9912452b486c4555d4f5');
INSERT INTO "audit" VALUES(7,'2026-11-30 03:09:01.626750','bob','move_case','case:cas_7fc87e99b0fd49ef','{"assignee":"","case_id":"cas_7fc87e99b0fd49ef","changed_at":"2026-11-30 03:09:01.626165","changed_by":"bob","entity_id":"mer_2","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.626165","state":"NEW","version":1}','{"assignee":"bob","case_id":"cas_7fc87e99b0fd49ef","changed_at":"2026-11-30 03:09:01.626750","changed_by":"bob","entity_id":"mer_2","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.626165","state":"INVESTIGATING","version":2}','c58974f42437efacca5ccba0cd8ed3efd83e1685e27d9912452b486c4555d4f5','61f83bf3abfc8aa3d77a2741821d37ee32d2a8ff04611d079591fe5427949b1f');
INSERT INTO "audit" VALUES(8,'2026-11-30 03:09:01.627254','bob','decide','case:cas_7fc87e99b0fd49ef','','{"action":"SETTLEMENT_DEFER","as_of":"2026-01-01","audit_seq":8,"case_id":"cas_7fc87e99b0fd49ef","confidence":0.9,"data_version":"v1","decided_at":"2026-11-30 03:09:01.627254","decided_by":"bob","decision_id":"dec_5bcf8fd69a39413b","entity_id":"mer_2","entity_type":"merchant","idempotency_key":"key-2","note":"Forty buyers on two devices.","reason_codes":"[\"DEVICE_REUSE\"]","score":0.97,"typology":"T1_BRUSHING","verdict":"LIKELY"}','61f83bf3abfc8aa3d77a2741821d37ee32d2a8ff04611d079591fe5427949b1f','ad76bae50173e942552ddecd4ae960003b33c4bbeb6aa3ae3ed9d1f7e7993acc');
INSERT INTO "audit" VALUES(9,'2026-11-30 03:09:01.627750','bob','move_case','case:cas_7fc87e99b0fd49ef','{"assignee":"bob","case_id":"cas_7fc87e99b0fd49ef","changed_at":"2026-11-30 03:09:01.626750","changed_by":"bob","entity_id":"mer_2","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.626165","state":"INVESTIGATING","version":2}','{"assignee":"bob","case_id":"cas_7fc87e99b0fd49ef","changed_at":"2026-11-30 03:09:01.627750","changed_by":"bob","entity_id":"mer_2","entity_type":"merchant","opened_at":"2026-11-30 03:09:01.626165","state":"PROPOSED","version":3}','ad76bae50173e942552ddecd4ae960003b33c4bbeb6aa3ae3ed9d1f7e7993acc','e4f008cd6680a5a53948d24a5f046701bebd7aad51b41496303ad4fa147ea78b');
INSERT INTO "audit" VALUES(10,'2026-11-30 03:09:01.650511','bob','open_case','case:cas_9d28ec94725f4008','','{"assignee":"","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.650511","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"NEW","version":1}','e4f008cd6680a5a53948d24a5f046701bebd7aad51b41496303ad4fa147ea78b','911a592c481d2bba23b9f6ac8b6fff052da6c918a863d3a069e19eee6ff98c3e');
INSERT INTO "audit" VALUES(11,'2026-11-30 03:09:01.651192','bob','move_case','case:cas_9d28ec94725f4008','{"assignee":"","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.650511","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"NEW","version":1}','{"assignee":"bob","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.651192","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"INVESTIGATING","version":2}','911a592c481d2bba23b9f6ac8b6fff052da6c918a863d3a069e19eee6ff98c3e','3939f19221e39eb849ff3eca7a02566b1e17f26a234e44308e9d2b850ad8887f');
INSERT INTO "audit" VALUES(12,'2026-11-30 03:09:01.651698','bob','decide','case:cas_9d28ec94725f4008','','{"action":"NO_ACTION","as_of":null,"audit_seq":12,"case_id":"cas_9d28ec94725f4008","confidence":null,"data_version":"","decided_at":"2026-11-30 03:09:01.651698","decided_by":"bob","decision_id":"dec_108c3d2164ea43a3","entity_id":"buy_7","entity_type":"buyer","idempotency_key":"key-3","note":"A family.","reason_codes":"[]","score":null,"typology":"","verdict":"FALSE_POSITIVE"}','3939f19221e39eb849ff3eca7a02566b1e17f26a234e44308e9d2b850ad8887f','2bd72eb46f4461a874a77c1bde8fc1f0da9cb2dc9060d1aea057476145591b2b');
INSERT INTO "audit" VALUES(13,'2026-11-30 03:09:01.652180','bob','move_case','case:cas_9d28ec94725f4008','{"assignee":"bob","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.651192","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"INVESTIGATING","version":2}','{"assignee":"bob","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.652180","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"CLOSED_NO_ACTION","version":3}','2bd72eb46f4461a874a77c1bde8fc1f0da9cb2dc9060d1aea057476145591b2b','e09c605e597d2171f512d589b0c0d98daf85bcedd8455c54b1d008a8284c03f1');
INSERT INTO "audit" VALUES(14,'2026-11-30 03:09:01.666328','ann','move_case','case:cas_9d28ec94725f4008','{"assignee":"bob","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.652180","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"CLOSED_NO_ACTION","version":3}','{"assignee":"ann","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.666328","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"REOPENED","version":4}','e09c605e597d2171f512d589b0c0d98daf85bcedd8455c54b1d008a8284c03f1','be2dab26ed4a1930455ab1325d9d07aae0df562761a08c575d61e30310db16e1');
INSERT INTO "audit" VALUES(15,'2026-11-30 03:09:01.666861','ann','move_case','case:cas_9d28ec94725f4008','{"assignee":"ann","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.666328","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"REOPENED","version":4}','{"assignee":"ann","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.666861","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"INVESTIGATING","version":5}','be2dab26ed4a1930455ab1325d9d07aae0df562761a08c575d61e30310db16e1','d0903418c73c916ec91cb4b5ec77933de816a46e89c62f74dccb64ac1cfe60b5');
INSERT INTO "audit" VALUES(16,'2026-11-30 03:09:01.667332','ann','decide','case:cas_9d28ec94725f4008','','{"action":"MONITOR","as_of":null,"audit_seq":16,"case_id":"cas_9d28ec94725f4008","confidence":null,"data_version":"","decided_at":"2026-11-30 03:09:01.667332","decided_by":"ann","decision_id":"dec_9a1e2894dec1483a","entity_id":"buy_7","entity_type":"buyer","idempotency_key":"key-4","note":"","reason_codes":"[]","score":0.25,"typology":"","verdict":"INCONCLUSIVE"}','d0903418c73c916ec91cb4b5ec77933de816a46e89c62f74dccb64ac1cfe60b5','430921b53d7400c05b2028288d1296a71b35d192109dd47bac623e75497f3eaf');
INSERT INTO "audit" VALUES(17,'2026-11-30 03:09:01.667825','ann','move_case','case:cas_9d28ec94725f4008','{"assignee":"ann","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.666861","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"INVESTIGATING","version":5}','{"assignee":"ann","case_id":"cas_9d28ec94725f4008","changed_at":"2026-11-30 03:09:01.667825","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-30 03:09:01.650511","state":"MONITORING","version":6}','430921b53d7400c05b2028288d1296a71b35d192109dd47bac623e75497f3eaf','44b914b14bb450f6d451c913809275817f3d1581b779c63da683ec899efe6099');
CREATE TABLE cases (
	case_id VARCHAR(40) NOT NULL, 
	entity_type VARCHAR(20) NOT NULL, 
	entity_id VARCHAR(80) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	assignee VARCHAR(120) NOT NULL, 
	version INTEGER NOT NULL, 
	opened_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by VARCHAR(120) NOT NULL, 
	PRIMARY KEY (case_id)
);
INSERT INTO "cases" VALUES('cas_a30a7f808b024792','merchant','mer_1','APPROVED','ann',4,'2026-11-30 03:09:01.579737','2026-11-30 03:09:01.614044','lea');
INSERT INTO "cases" VALUES('cas_7fc87e99b0fd49ef','merchant','mer_2','PROPOSED','bob',3,'2026-11-30 03:09:01.626165','2026-11-30 03:09:01.627750','bob');
INSERT INTO "cases" VALUES('cas_9d28ec94725f4008','buyer','buy_7','MONITORING','ann',6,'2026-11-30 03:09:01.650511','2026-11-30 03:09:01.667825','ann');
CREATE TABLE chain (
	id INTEGER NOT NULL, 
	format_version INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "chain" VALUES(1,2,17,'44b914b14bb450f6d451c913809275817f3d1581b779c63da683ec899efe6099');
CREATE TABLE decisions (
	decision_id VARCHAR(40) NOT NULL, 
	idempotency_key VARCHAR(80) NOT NULL, 
	case_id VARCHAR(40) NOT NULL, 
	entity_type VARCHAR(20) NOT NULL, 
	entity_id VARCHAR(80) NOT NULL, 
	verdict VARCHAR(20) NOT NULL, 
	typology VARCHAR(40) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	reason_codes TEXT NOT NULL, 
	note TEXT NOT NULL, 
	confidence DOUBLE, 
	score DOUBLE, 
	as_of DATE, 
	data_version VARCHAR(80) NOT NULL, 
	decided_by VARCHAR(120) NOT NULL, 
	decided_at DATETIME NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	PRIMARY KEY (decision_id), 
	UNIQUE (idempotency_key), 
	UNIQUE (audit_seq)
);
INSERT INTO "decisions" VALUES('dec_797636e7c4f24ea5','key-1','cas_a30a7f808b024792','merchant','mer_1','CONFIRMED','T1_BRUSHING','SETTLEMENT_DEFER','["DEVICE_REUSE"]','Forty buyers on two devices.',0.9,0.97,'2026-01-01','v1','ann','2026-11-30 03:09:01.590640',3);
INSERT INTO "decisions" VALUES('dec_5bcf8fd69a39413b','key-2','cas_7fc87e99b0fd49ef','merchant','mer_2','LIKELY','T1_BRUSHING','SETTLEMENT_DEFER','["DEVICE_REUSE"]','Forty buyers on two devices.',0.9,0.97,'2026-01-01','v1','bob','2026-11-30 03:09:01.627254',8);
INSERT INTO "decisions" VALUES('dec_108c3d2164ea43a3','key-3','cas_9d28ec94725f4008','buyer','buy_7','FALSE_POSITIVE','','NO_ACTION','[]','A family.',NULL,NULL,NULL,'','bob','2026-11-30 03:09:01.651698',12);
INSERT INTO "decisions" VALUES('dec_9a1e2894dec1483a','key-4','cas_9d28ec94725f4008','buyer','buy_7','INCONCLUSIVE','','MONITOR','[]','',NULL,0.25,NULL,'','ann','2026-11-30 03:09:01.667332',16);
CREATE TABLE drafts (
	actor VARCHAR(120) NOT NULL, 
	subject VARCHAR(120) NOT NULL, 
	content TEXT NOT NULL, 
	saved_at DATETIME NOT NULL, 
	PRIMARY KEY (actor, subject)
);
INSERT INTO "drafts" VALUES('ann','creator:crt_9','{"note": "half a sentence"}','2026-11-30 03:09:01.681609');
CREATE UNIQUE INDEX one_case_per_entity ON cases (entity_type, entity_id);
CREATE INDEX ix_decisions_case_id ON decisions (case_id);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE TRIGGER decisions_no_update before update on decisions
begin
    select raise(abort, 'decisions is append-only');
end;
CREATE TRIGGER decisions_no_delete before delete on decisions
begin
    select raise(abort, 'decisions is append-only');
end;
CREATE TRIGGER audit_no_update before update on audit
begin
    select raise(abort, 'audit is append-only');
end;
CREATE TRIGGER audit_no_delete before delete on audit
begin
    select raise(abort, 'audit is append-only');
end;
CREATE TRIGGER decisions_no_replace before insert on decisions
when exists (select 1 from decisions where decision_id = new.decision_id or idempotency_key = new.idempotency_key or audit_seq = new.audit_seq)
begin
    select raise(abort, 'decisions is append-only');
end;
CREATE TRIGGER audit_no_replace before insert on audit
when exists (select 1 from audit where seq = new.seq)
begin
    select raise(abort, 'audit is append-only');
end;
COMMIT;
