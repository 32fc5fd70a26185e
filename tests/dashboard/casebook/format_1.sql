BEGIN TRANSACTION;
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
INSERT INTO "audit" VALUES(1,'2026-11-29 21:06:26.958690','ann','open_case','case:cas_62343f2b0fe64a5b','','{"assignee":"","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.958690","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"NEW","version":1}','0000000000000000000000000000000000000000000000000000000000000000','e44ea15eefa0d52a95e88833cc1de7b3ac7b123b3e84f93c7b26c55f67c601fb');
INSERT INTO "audit" VALUES(2,'2026-11-29 21:06:26.962408','ann','move_case','case:cas_62343f2b0fe64a5b','{"assignee":"","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.958690","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"NEW","version":1}','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.962408","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"INVESTIGATING","version":2}','e44ea15eefa0d52a95e88833cc1de7b3ac7b123b3e84f93c7b26c55f67c601fb','a37682fe6f856fadebf7e7bce28274d7909ed16a0f54116baecefea28196751d');
INSERT INTO "audit" VALUES(3,'2026-11-29 21:06:26.964432','ann','decide','case:cas_62343f2b0fe64a5b','','{"action":"SETTLEMENT_DEFER","as_of":"2026-01-01","audit_seq":3,"case_id":"cas_62343f2b0fe64a5b","confidence":0.9,"data_version":"v1","decided_at":"2026-11-29 21:06:26.964432","decided_by":"ann","decision_id":"dec_8aed2cfea5014dde","entity_id":"mer_1","entity_type":"merchant","idempotency_key":"key-1","note":"Forty buyers on two devices; the owner''s \"\u5e97\" ships nothing.\nSecond line.","reason_codes":"[\"DEVICE_REUSE\", \"ADDRESS_REUSE\"]","score":0.97,"typology":"T1_BRUSHING","verdict":"CONFIRMED"}','a37682fe6f856fadebf7e7bce28274d7909ed16a0f54116baecefea28196751d','c3008619826bdcc39fe4f7a9ff1314528d659788bd051847593b534f2d9cff0f');
INSERT INTO "audit" VALUES(4,'2026-11-29 21:06:26.966614','ann','move_case','case:cas_62343f2b0fe64a5b','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.962408","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"INVESTIGATING","version":2}','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.966614","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"PROPOSED","version":3}','c3008619826bdcc39fe4f7a9ff1314528d659788bd051847593b534f2d9cff0f','52ea80a53464fa733b0b29db92313f1bfce130971f236bcf08eaed26849b2fd0');
INSERT INTO "audit" VALUES(5,'2026-11-29 21:06:26.972085','lea','move_case','case:cas_62343f2b0fe64a5b','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.966614","changed_by":"ann","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"PROPOSED","version":3}','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.972085","changed_by":"lea","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"APPROVED","version":4}','52ea80a53464fa733b0b29db92313f1bfce130971f236bcf08eaed26849b2fd0','561e9e815c1b4bc6d75e9299d3558b5a3d0f3ac8dbc2cf3455ae9ad52a857e6e');
INSERT INTO "audit" VALUES(6,'2026-11-29 21:06:26.974792','leo','move_case','case:cas_62343f2b0fe64a5b','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.972085","changed_by":"lea","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"APPROVED","version":4}','{"assignee":"ann","case_id":"cas_62343f2b0fe64a5b","changed_at":"2026-11-29 21:06:26.974792","changed_by":"leo","entity_id":"mer_1","entity_type":"merchant","opened_at":"2026-11-29 21:06:26.958690","state":"ENFORCED","version":5}','561e9e815c1b4bc6d75e9299d3558b5a3d0f3ac8dbc2cf3455ae9ad52a857e6e','def3dee1aa3a740b29be6ca50034263210b429b39baa494bb11f5093ce03249f');
INSERT INTO "audit" VALUES(7,'2026-11-29 21:06:26.977427','bob','open_case','case:cas_404f7d9d398442ed','','{"assignee":"","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.977427","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"NEW","version":1}','def3dee1aa3a740b29be6ca50034263210b429b39baa494bb11f5093ce03249f','3a1174ae951b0e3bafec89de6937053bfd9af5ec2e61f06a8b599e23f12c1c56');
INSERT INTO "audit" VALUES(8,'2026-11-29 21:06:26.978506','bob','move_case','case:cas_404f7d9d398442ed','{"assignee":"","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.977427","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"NEW","version":1}','{"assignee":"bob","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.978506","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"INVESTIGATING","version":2}','3a1174ae951b0e3bafec89de6937053bfd9af5ec2e61f06a8b599e23f12c1c56','49fa072c8dd6e5b10ee11ebcae0b1ecf504bddf34f19b13abacdb94a3f8fa9bb');
INSERT INTO "audit" VALUES(9,'2026-11-29 21:06:26.979777','bob','decide','case:cas_404f7d9d398442ed','','{"action":"NO_ACTION","as_of":null,"audit_seq":9,"case_id":"cas_404f7d9d398442ed","confidence":null,"data_version":"","decided_at":"2026-11-29 21:06:26.979777","decided_by":"bob","decision_id":"dec_75af352bd4284ced","entity_id":"buy_7","entity_type":"buyer","idempotency_key":"key-2","note":"A family.","reason_codes":"[]","score":null,"typology":"","verdict":"FALSE_POSITIVE"}','49fa072c8dd6e5b10ee11ebcae0b1ecf504bddf34f19b13abacdb94a3f8fa9bb','56c33cbf9121ecc04de8bf5f22da668b62239e5ceae6d9b4da127ab51187b4cc');
INSERT INTO "audit" VALUES(10,'2026-11-29 21:06:26.980966','bob','move_case','case:cas_404f7d9d398442ed','{"assignee":"bob","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.978506","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"INVESTIGATING","version":2}','{"assignee":"bob","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.980966","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"CLOSED_NO_ACTION","version":3}','56c33cbf9121ecc04de8bf5f22da668b62239e5ceae6d9b4da127ab51187b4cc','291cdd534c79790da54ef4681885ae3c15245b5c6206c8c65ce9eddf14d92fc3');
INSERT INTO "audit" VALUES(11,'2026-11-29 21:06:26.983916','ann','move_case','case:cas_404f7d9d398442ed','{"assignee":"bob","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.980966","changed_by":"bob","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"CLOSED_NO_ACTION","version":3}','{"assignee":"ann","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.983916","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"REOPENED","version":4}','291cdd534c79790da54ef4681885ae3c15245b5c6206c8c65ce9eddf14d92fc3','15fa10583a91b9dea7357588f848ed5a0249cbc61d4bab62da74a95cf2d5f5b2');
INSERT INTO "audit" VALUES(12,'2026-11-29 21:06:26.984875','ann','move_case','case:cas_404f7d9d398442ed','{"assignee":"ann","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.983916","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"REOPENED","version":4}','{"assignee":"ann","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.984875","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"INVESTIGATING","version":5}','15fa10583a91b9dea7357588f848ed5a0249cbc61d4bab62da74a95cf2d5f5b2','20c0e7bca1408ef6750774f2e9c2c544c00ee83304d7c68edf5726653e6229e5');
INSERT INTO "audit" VALUES(13,'2026-11-29 21:06:26.985838','ann','decide','case:cas_404f7d9d398442ed','','{"action":"MONITOR","as_of":null,"audit_seq":13,"case_id":"cas_404f7d9d398442ed","confidence":null,"data_version":"","decided_at":"2026-11-29 21:06:26.985838","decided_by":"ann","decision_id":"dec_5d569f45cdd041f1","entity_id":"buy_7","entity_type":"buyer","idempotency_key":"key-3","note":"","reason_codes":"[]","score":0.25,"typology":"","verdict":"INCONCLUSIVE"}','20c0e7bca1408ef6750774f2e9c2c544c00ee83304d7c68edf5726653e6229e5','f1d07fff3052f28a04fd40db8ae43af8490bd8ba153887fe0f3ed1ec3bf282f1');
INSERT INTO "audit" VALUES(14,'2026-11-29 21:06:26.986909','ann','move_case','case:cas_404f7d9d398442ed','{"assignee":"ann","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.984875","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"INVESTIGATING","version":5}','{"assignee":"ann","case_id":"cas_404f7d9d398442ed","changed_at":"2026-11-29 21:06:26.986909","changed_by":"ann","entity_id":"buy_7","entity_type":"buyer","opened_at":"2026-11-29 21:06:26.977427","state":"MONITORING","version":6}','f1d07fff3052f28a04fd40db8ae43af8490bd8ba153887fe0f3ed1ec3bf282f1','0807a4a53a0ef40612dfcbe2decdae71058676a545069ca09ad43663c2ed0a1b');
INSERT INTO "audit" VALUES(15,'2026-11-29 21:06:26.989775','bob','open_case','case:cas_8694f3c8bb7a4313','','{"assignee":"","case_id":"cas_8694f3c8bb7a4313","changed_at":"2026-11-29 21:06:26.989775","changed_by":"bob","entity_id":"prd_3","entity_type":"product","opened_at":"2026-11-29 21:06:26.989775","state":"NEW","version":1}','0807a4a53a0ef40612dfcbe2decdae71058676a545069ca09ad43663c2ed0a1b','57f0637d2d693830fcd2a84bf0d9c5797e29e5dbf571be48712e7f0abb56a8a8');
INSERT INTO "audit" VALUES(16,'2026-11-29 21:06:26.990828','bob','move_case','case:cas_8694f3c8bb7a4313','{"assignee":"","case_id":"cas_8694f3c8bb7a4313","changed_at":"2026-11-29 21:06:26.989775","changed_by":"bob","entity_id":"prd_3","entity_type":"product","opened_at":"2026-11-29 21:06:26.989775","state":"NEW","version":1}','{"assignee":"bob","case_id":"cas_8694f3c8bb7a4313","changed_at":"2026-11-29 21:06:26.990828","changed_by":"bob","entity_id":"prd_3","entity_type":"product","opened_at":"2026-11-29 21:06:26.989775","state":"INVESTIGATING","version":2}','57f0637d2d693830fcd2a84bf0d9c5797e29e5dbf571be48712e7f0abb56a8a8','ba2935124217fd3b31fa0b0fed96f869f8cd28cb77e37096046c9f6c081d5268');
INSERT INTO "audit" VALUES(17,'2026-11-29 21:06:26.991958','bob','decide','case:cas_8694f3c8bb7a4313','','{"action":"SECURE_ACCOUNT","as_of":"2026-02-03","audit_seq":17,"case_id":"cas_8694f3c8bb7a4313","confidence":null,"data_version":"","decided_at":"2026-11-29 21:06:26.991958","decided_by":"bob","decision_id":"dec_6ce53f6b0f694af5","entity_id":"prd_3","entity_type":"product","idempotency_key":"key-4","note":"","reason_codes":"[]","score":null,"typology":"","verdict":"VICTIM"}','ba2935124217fd3b31fa0b0fed96f869f8cd28cb77e37096046c9f6c081d5268','383b4396bfe2dd979d6fdb13446dbd3c3da942418415c287b86038094d3de545');
INSERT INTO "audit" VALUES(18,'2026-11-29 21:06:26.993148','bob','move_case','case:cas_8694f3c8bb7a4313','{"assignee":"bob","case_id":"cas_8694f3c8bb7a4313","changed_at":"2026-11-29 21:06:26.990828","changed_by":"bob","entity_id":"prd_3","entity_type":"product","opened_at":"2026-11-29 21:06:26.989775","state":"INVESTIGATING","version":2}','{"assignee":"bob","case_id":"cas_8694f3c8bb7a4313","changed_at":"2026-11-29 21:06:26.993148","changed_by":"bob","entity_id":"prd_3","entity_type":"product","opened_at":"2026-11-29 21:06:26.989775","state":"CLOSED_NO_ACTION","version":3}','383b4396bfe2dd979d6fdb13446dbd3c3da942418415c287b86038094d3de545','9c1fec6e6eb062583284fa95732647a5d502d502dff90fe93e8e50bf825dab0f');
INSERT INTO "audit" VALUES(19,'2026-11-29 21:06:26.995925','ann','open_case','case:cas_ebe1563101664054','','{"assignee":"","case_id":"cas_ebe1563101664054","changed_at":"2026-11-29 21:06:26.995925","changed_by":"ann","entity_id":"crt_9","entity_type":"creator","opened_at":"2026-11-29 21:06:26.995925","state":"NEW","version":1}','9c1fec6e6eb062583284fa95732647a5d502d502dff90fe93e8e50bf825dab0f','0726bd62ca124f57d6878806cc65a39bea1842d8f1f2e24cb3d8fcb1815cb603');
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
INSERT INTO "cases" VALUES('cas_62343f2b0fe64a5b','merchant','mer_1','ENFORCED','ann',5,'2026-11-29 21:06:26.958690','2026-11-29 21:06:26.974792','leo');
INSERT INTO "cases" VALUES('cas_404f7d9d398442ed','buyer','buy_7','MONITORING','ann',6,'2026-11-29 21:06:26.977427','2026-11-29 21:06:26.986909','ann');
INSERT INTO "cases" VALUES('cas_8694f3c8bb7a4313','product','prd_3','CLOSED_NO_ACTION','bob',3,'2026-11-29 21:06:26.989775','2026-11-29 21:06:26.993148','bob');
INSERT INTO "cases" VALUES('cas_ebe1563101664054','creator','crt_9','NEW','',1,'2026-11-29 21:06:26.995925','2026-11-29 21:06:26.995925','ann');
CREATE TABLE chain (
	id INTEGER NOT NULL, 
	format_version INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "chain" VALUES(1,1,19,'0726bd62ca124f57d6878806cc65a39bea1842d8f1f2e24cb3d8fcb1815cb603');
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
INSERT INTO "decisions" VALUES('dec_8aed2cfea5014dde','key-1','cas_62343f2b0fe64a5b','merchant','mer_1','CONFIRMED','T1_BRUSHING','SETTLEMENT_DEFER','["DEVICE_REUSE", "ADDRESS_REUSE"]','Forty buyers on two devices; the owner''s "店" ships nothing.
Second line.',0.9,0.97,'2026-01-01','v1','ann','2026-11-29 21:06:26.964432',3);
INSERT INTO "decisions" VALUES('dec_75af352bd4284ced','key-2','cas_404f7d9d398442ed','buyer','buy_7','FALSE_POSITIVE','','NO_ACTION','[]','A family.',NULL,NULL,NULL,'','bob','2026-11-29 21:06:26.979777',9);
INSERT INTO "decisions" VALUES('dec_5d569f45cdd041f1','key-3','cas_404f7d9d398442ed','buyer','buy_7','INCONCLUSIVE','','MONITOR','[]','',NULL,0.25,NULL,'','ann','2026-11-29 21:06:26.985838',13);
INSERT INTO "decisions" VALUES('dec_6ce53f6b0f694af5','key-4','cas_8694f3c8bb7a4313','product','prd_3','VICTIM','','SECURE_ACCOUNT','[]','',NULL,NULL,'2026-02-03','','bob','2026-11-29 21:06:26.991958',17);
CREATE TABLE drafts (
	actor VARCHAR(120) NOT NULL, 
	subject VARCHAR(120) NOT NULL, 
	content TEXT NOT NULL, 
	saved_at DATETIME NOT NULL, 
	PRIMARY KEY (actor, subject)
);
INSERT INTO "drafts" VALUES('ann','creator:crt_9','{"note": "half a sentence, it''s not done", "reasons": []}','2026-11-29 21:06:26.997551');
CREATE UNIQUE INDEX one_case_per_entity ON cases (entity_type, entity_id);
CREATE INDEX ix_decisions_case_id ON decisions (case_id);
CREATE TRIGGER decisions_no_update before update on decisions
begin
    select raise(abort, 'decisions is append-only');
end;
CREATE TRIGGER decisions_no_delete before delete on decisions
begin
    select raise(abort, 'decisions is append-only');
end;
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE TRIGGER audit_no_update before update on audit
begin
    select raise(abort, 'audit is append-only');
end;
CREATE TRIGGER audit_no_delete before delete on audit
begin
    select raise(abort, 'audit is append-only');
end;
COMMIT;
