"""Sanctions lists in XML, of the shapes in which their publishers print them."""

from __future__ import annotations

VALUES = """<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="11206" ISO2="US">United States</Country><Country ID="11216" ISO2="VE">Venezuela</Country>
<Country ID="11220">Korea, North</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8" FeatureTypeGroupID="1">Birthdate</FeatureType>
<FeatureType ID="9" FeatureTypeGroupID="1">Place of Birth</FeatureType>
<FeatureType ID="11" FeatureTypeGroupID="1">Citizenship Country</FeatureType>
<FeatureType ID="13" FeatureTypeGroupID="1">SWIFT/BIC</FeatureType>
<FeatureType ID="21" FeatureTypeGroupID="1">Email Address</FeatureType>
<FeatureType ID="25" FeatureTypeGroupID="1">Location</FeatureType>
<FeatureType ID="224" FeatureTypeGroupID="1">Gender</FeatureType>
<FeatureType ID="344" FeatureTypeGroupID="1">Digital Currency Address - XBT</FeatureType>
<FeatureType ID="345" FeatureTypeGroupID="1">Digital Currency Address - ETH</FeatureType>
<FeatureType ID="887" FeatureTypeGroupID="1">Digital Currency Address - USDT</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1570">Cedula No.</IDRegDocType></IDRegDocTypeValues>
<ListValues><List ID="1550">SDN List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1">Unknown</LocPartType><LocPartType ID="1451">ADDRESS1</LocPartType>
<LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
<PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType>
</PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15003" Symmetrical="false">Owned or Controlled By</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
</ReferenceValueSets>
"""
LOCATIONS = """<Locations>
<Location ID="34442"><LocationCountry CountryID="11216" CountryRelevanceID="1413" />
<LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true"><Value>Miraflores</Value></LocationPartValue>
</LocationPart><LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Caracas</Value>
</LocationPartValue></LocationPart></Location>
<Location ID="186216"><LocationPart LocPartTypeID="1"><LocationPartValue Primary="true"><Value>Venezuela</Value>
</LocationPartValue></LocationPart></Location>
<Location ID="500"><LocationCountry CountryID="11220" CountryRelevanceID="1413" />
<LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Pyongyang</Value></LocationPartValue>
</LocationPart></Location>
</Locations>
"""
DOCUMENTS = """<IDRegDocuments>
<IDRegDocument ID="1" IDRegDocTypeID="1570" IdentityID="14494" IssuedBy-CountryID="11216" ValidityID="1">
<Comment /><IDRegistrationNo>5892464</IDRegistrationNo></IDRegDocument>
</IDRegDocuments>
"""
PARTIES = """<DistinctParties>
<DistinctParty FixedRef="22790"><Comment /><Profile ID="22790" PartySubTypeID="4">
<Identity ID="14494" FixedRef="22790" Primary="true" False="false">
<Alias FixedRef="22790" AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="9">
<DocumentedNamePart><NamePartValue NamePartGroupID="57053">NICO</NamePartValue></DocumentedNamePart>
</DocumentedName></Alias>
<Alias FixedRef="22790" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="29345">
<DocumentedNamePart><NamePartValue NamePartGroupID="57052">MADURO MOROS</NamePartValue></DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="57053">Nicolas</NamePartValue></DocumentedNamePart>
</DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="57052" NamePartTypeID="1520" /></MasterNamePartGroup>
<MasterNamePartGroup><NamePartGroup ID="57053" NamePartTypeID="1521" /></MasterNamePartGroup></NamePartGroups>
</Identity>
<Feature ID="24258" FeatureTypeID="224"><FeatureVersion ID="21997" ReliabilityID="1"><Comment />
<VersionDetail DetailTypeID="1431" DetailReferenceID="91526" /></FeatureVersion></Feature>
<Feature ID="24259" FeatureTypeID="8"><FeatureVersion ID="21998" ReliabilityID="1"><Comment />
<DatePeriod CalendarTypeID="1">
<Start Approximate="false"><From><Year>1962</Year><Month>11</Month><Day>23</Day></From>
<To><Year>1962</Year><Month>11</Month><Day>23</Day></To></Start>
<End Approximate="false"><From><Year>1962</Year><Month>11</Month><Day>23</Day></From>
<To><Year>1962</Year><Month>11</Month><Day>23</Day></To></End></DatePeriod><VersionDetail DetailTypeID="1430" />
</FeatureVersion></Feature>
<Feature ID="24260" FeatureTypeID="9"><FeatureVersion ID="21999"><Comment />
<VersionDetail DetailTypeID="1432">Caracas, Venezuela</VersionDetail></FeatureVersion></Feature>
<Feature ID="24261" FeatureTypeID="11"><FeatureVersion ID="22000"><Comment /><VersionDetail DetailTypeID="1433" />
<VersionLocation LocationID="186216" /></FeatureVersion></Feature>
<Feature ID="184442" FeatureTypeID="25"><FeatureVersion ID="234442"><Comment />
<VersionLocation LocationID="34442" /></FeatureVersion></Feature>
</Profile></DistinctParty>
<DistinctParty FixedRef="27307"><Profile ID="27307" PartySubTypeID="3">
<Identity ID="19011" FixedRef="27307" Primary="true" False="false">
<Alias FixedRef="27307" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="37142">
<DocumentedNamePart><NamePartValue ScriptID="215">LAZARUS GROUP</NamePartValue></DocumentedNamePart>
</DocumentedName></Alias></Identity>
<Feature ID="50214" FeatureTypeID="25"><FeatureVersion ID="1"><VersionLocation LocationID="500" /></FeatureVersion>
</Feature>
<Feature ID="50215" FeatureTypeID="345"><FeatureVersion ID="47914" ReliabilityID="1560">
<VersionDetail DetailTypeID="1432">0x098B716B8Aaf21512996dC57EB0615e2383E2f96</VersionDetail></FeatureVersion>
</Feature>
<Feature ID="50217" FeatureTypeID="344"><FeatureVersion ID="47916" ReliabilityID="1560">
<VersionDetail DetailTypeID="1432">bc1ignored</VersionDetail></FeatureVersion></Feature>
</Profile></DistinctParty>
</DistinctParties>
"""
TIES = """<ProfileRelationships>
<ProfileRelationship ID="1" From-ProfileID="27307" To-ProfileID="22790" RelationTypeID="15003" Former="false"
 SanctionsEntryID="2"><Comment /></ProfileRelationship>
<ProfileRelationship ID="2" From-ProfileID="27307" To-ProfileID="404" RelationTypeID="15003" Former="false"/>
</ProfileRelationships>
"""
ENTRIES = """<SanctionsEntries>
<SanctionsEntry ID="1" ProfileID="22790" ListID="1550"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="1">
<Comment /><Date CalendarTypeID="1"><Year>2017</Year><Month>7</Month><Day>31</Day></Date></EntryEvent>
<SanctionsMeasure ID="11" SanctionsTypeID="1705"><DatePeriod CalendarTypeID="1" /></SanctionsMeasure>
<SanctionsMeasure ID="12" SanctionsTypeID="1"><Comment>VENEZUELA</Comment></SanctionsMeasure></SanctionsEntry>
<SanctionsEntry ID="2" ProfileID="27307" ListID="1550"><EntryEvent ID="2" EntryEventTypeID="1">
<Date CalendarTypeID="1"><Year>2019</Year><Month>9</Month><Day>13</Day></Date></EntryEvent>
<SanctionsMeasure ID="21" SanctionsTypeID="1"><Comment>DPRK3</Comment></SanctionsMeasure></SanctionsEntry>
</SanctionsEntries>
"""


def advanced(*parts: str) -> str:
    """OFAC's advanced XML of these sections, else of all in their order."""
    body = "".join(parts or (VALUES, LOCATIONS, DOCUMENTS, PARTIES, TIES, ENTRIES))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">\n'
        '<DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>5</Month><Day>21</Day></DateOfIssue>\n'
        f"{body}</Sanctions>\n"
    )


UK_LIST = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>04/08/2026</DateGenerated>
<Designation><LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated>
<UniqueID>AFG0006</UniqueID><OFSIGroupID>7172</OFSIGroupID><UNReferenceNumber>TAi.002</UNReferenceNumber>
<Names><Name><Name6>Haji Mohammad Hassan</Name6><NameType>Alias</NameType>
<AliasStrength>Low quality a.k.a</AliasStrength></Name>
<Name><Name1>MOHAMMAD</Name1><Name2>HASSAN</Name2><Name6>AKHUND</Name6><NameType>Primary name</NameType></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>محمد حسن آخوند</NameNonLatinScript></NonLatinName></NonLatinNames>
<Titles><Title>Mullah</Title></Titles>
<RegimeName>The Afghanistan (Sanctions) (EU Exit) Regulations 2020</RegimeName>
<IndividualEntityShip>Individual</IndividualEntityShip><SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
<UKStatementofReasons>Deputy Minister of Civil Aviation under the Taliban regime.</UKStatementofReasons>
<Addresses><Address><AddressLine6>Kabul</AddressLine6><AddressCountry>Afghanistan</AddressCountry></Address></Addresses>
<IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB></DOBs>
<PassportDetails><Passport><PassportNumber>P04581926</PassportNumber>
<PassportAdditionalInformation>Afghanistan passport</PassportAdditionalInformation></Passport></PassportDetails>
<Nationalities><Nationality>Afghanistan</Nationality></Nationalities>
<BirthDetails><Location><TownOfBirth>Lakhi village</TownOfBirth><CountryOfBirth>Afghanistan</CountryOfBirth>
</Location></BirthDetails></Individual></IndividualDetails></Designation>
<Designation><DateDesignated>29/06/2012</DateDesignated><UniqueID>AFG0001</UniqueID>
<Names><Name><Name6>HAJI KHAIRULLAH MONEY EXCHANGE</Name6><NameType>Primary Name</NameType></Name></Names>
<RegimeName>The Afghanistan (Sanctions) (EU Exit) Regulations 2020</RegimeName>
<IndividualEntityShip>Entity</IndividualEntityShip>
<Addresses><Address><AddressLine1>Branch Office 1</AddressLine1><AddressPostalCode>1001</AddressPostalCode>
<AddressCountry>Afghanistan</AddressCountry></Address></Addresses>
<EntityDetails><Entity><BusinessRegistrationNumbers><BusinessRegistrationNumber>BR-99-XY</BusinessRegistrationNumber>
</BusinessRegistrationNumbers><ParentCompanies><ParentCompany>HKHS Holding</ParentCompany></ParentCompanies>
</Entity></EntityDetails>
<PhoneNumbers><PhoneNumber>+93-202-104748</PhoneNumber></PhoneNumbers>
<EmailAddresses><EmailAddress>helmand_exchange@example-bank.com</EmailAddress></EmailAddresses></Designation>
<Designation><UniqueID>DPR0075</UniqueID><Names><Name><Name6>Petrel 8</Name6><NameType>Primary name</NameType></Name>
</Names><IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship>
<IMONumbers><IMONumber>IMO9562233</IMONumber></IMONumbers>
<CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
</Ship></ShipDetails></Designation>
</Designations>
"""
